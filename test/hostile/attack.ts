/**
 * An attacker's side of a manager: sends `Cookie` headers, looks at everything that comes back, and
 * keeps count.
 */

import { type Session, SessionError, type SessionManager, unseal } from '../../src/index.ts'
import type { Refusal } from './forgeries.ts'

/** What an app and its client see of one request. */
export interface Sight {
  readonly ended: string | undefined
  /** The public face of the session, without `ended`. */
  readonly session: Readonly<Record<string, unknown>>
  /** What the client gets. */
  readonly answer: { readonly status: number; readonly headers: unknown; readonly body: string }
}

/** What was tried, and what must stay empty. */
export class Tally {
  inputs = 0
  readonly accepted: string[] = []
  readonly exceptions: string[] = []
  /** Refused, but not as it should be. */
  readonly wrong: string[] = []

  /** Tries a forgery: `attempt` says what opened, or how it was refused. */
  async try(
    name: string,
    right: readonly string[],
    attempt: () => Promise<Outcome>,
  ): Promise<void> {
    this.inputs++
    try {
      const outcome = await attempt()
      if (outcome.opened) this.accepted.push(name)
      else if (!right.includes(outcome.refusal)) this.wrong.push(`${name}: ${outcome.refusal}`)
    } catch (error) {
      this.exceptions.push(`${name}: ${String(error)}`)
    }
  }

  /** What must be empty, in a length that can be read. */
  get findings(): readonly string[] {
    return Object.entries({
      accepted: this.accepted,
      exception: this.exceptions,
      wrong: this.wrong,
    })
      .flatMap(([kind, names]) => names.map((name) => `${kind}: ${name}`))
      .slice(0, 20)
  }

  add(other: Tally): void {
    this.inputs += other.inputs
    this.accepted.push(...other.accepted)
    this.exceptions.push(...other.exceptions)
    this.wrong.push(...other.wrong)
  }
}

export type Outcome =
  | { readonly opened: true }
  | { readonly opened: false; readonly refusal: string }

/** A request with this `Cookie` header, or several fields of it. */
export function requestWith(...fields: string[]): Request {
  return new Request('https://site.example/', {
    headers: fields.map((field) => ['Cookie', field] as [string, string]),
  })
}

/**
 * A request whose `Cookie` header reads as this text, whatever it holds. Node refuses some of it
 * and decodes the rest as Latin-1; workerd decodes UTF-8, so that any character may come.
 */
export function requestReading(cookie: string): Request {
  const request = requestWith()
  const get = (name: string) => (name.toLowerCase() === 'cookie' ? cookie : null)
  Object.defineProperty(request.headers, 'get', { value: get })
  return request
}

/** One request to a handler that looks at everything and changes nothing. */
export async function look(manager: SessionManager, request: Request): Promise<Sight> {
  const session = await manager.load(request)
  const { ended, face } = faceOf(session)
  const body = JSON.stringify({ subject: session.subject ?? null, data: session.data })
  const response = await manager.commit(session, new Response(body, { status: 200 }))
  const answer = {
    status: response.status,
    headers: [...response.headers],
    body: await response.text(),
  }
  return { ended, session: face, answer }
}

function faceOf(session: Session) {
  const { ended, sid, subject, createdAt, age, lastActivityAt, remembered, data } = session
  const { idleExpiresAt, absoluteExpiresAt } = session
  const face = {
    ...{ sid, subject, createdAt, age, lastActivityAt, remembered },
    ...{ idleExpiresAt, absoluteExpiresAt, data: structuredClone(data) },
  }
  return { ended, face }
}

/** How `unseal` takes a token. Anything but its own rejections is thrown on. */
export async function tryToUnseal(
  token: unknown,
  options: Parameters<typeof unseal>[1],
): Promise<Outcome> {
  try {
    await unseal(token as string, options)
    return { opened: true }
  } catch (error) {
    if (!(error instanceof SessionError)) throw error
    return { opened: false, refusal: error.code }
  }
}

/** What `load` calls the refusals of a seal. */
export const asEnded = (refusals: readonly Refusal[]): readonly string[] =>
  refusals.map((refusal) => (refusal === 'expired' ? 'absolute' : refusal))

/** Counts calls of `crypto.subtle` while `work` runs. */
export async function countCrypto(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const calls: Record<string, number> = {}
  const names = [
    'decrypt',
    'encrypt',
    'deriveKey',
    'deriveBits',
    'importKey',
    'sign',
    'digest',
  ] as const
  for (const name of names) {
    const real = crypto.subtle[name].bind(crypto.subtle) as (...args: unknown[]) => unknown
    const counted = (...args: unknown[]) => {
      calls[name] = (calls[name] ?? 0) + 1
      return real(...args)
    }
    Object.defineProperty(crypto.subtle, name, { value: counted, configurable: true })
  }
  try {
    await work()
  } finally {
    for (const name of names) Reflect.deleteProperty(crypto.subtle, name)
  }
  return calls
}
