/**
 * One question to `sessionRoutes()`, and what its answer is worth. Only an answer of the agreed
 * form says anything about the session: an error page, a 503 of the app or a login page that a
 * proxy put in between is no answer.
 */

import type { EndReason } from '../session/types.ts'
import { type ServerClock, wallLead } from './clock.ts'
import { type Deadlines, endOf } from './deadlines.ts'
import { type SessionStatus, SUBJECT_HEADER } from './protocol.ts'

/**
 * Why the session is over for this page: `signed-out` when no cookie came and none was refused,
 * `other-subject` when somebody else has signed in.
 */
export type ClientEndReason = EndReason | 'signed-out' | 'other-subject'

/** Below where the routes are mounted, each worth more than the one before. */
export type Route = '' | '/touch' | '/sign-out'

/** An answer of the server. Travels between tabs as it is; instants are milliseconds of its clock. */
export type Said =
  | ({ is: 'alive' } & Deadlines)
  /** `recorded` only as the answer to a sign-out. */
  | { is: 'over'; reason: ClientEndReason; recorded: boolean | undefined; askedAt: number }

/** The result of one question. `now` is the server's time when it was read, `lead` is for clock.ts. */
export type Answer = Said | { is?: never; status?: number }

/** The clock of an answer that took longer is not trusted to half of that, in milliseconds. */
const PROMPT = 10_000

/** Never rejects. `tag` says for whom the page was made. */
export async function ask(
  url: string,
  route: Route,
  tag: string | undefined,
  signal: AbortSignal,
  clock: ServerClock,
): Promise<Answer> {
  const lead = wallLead()
  const askedAt = performance.now()
  try {
    const response = await fetch(url + route, {
      method: route ? 'POST' : 'GET',
      // A page that is closed at this moment has still said it.
      keepalive: !!route,
      // A question of the page is no activity of the visitor's; a touch counts all the same.
      headers: { 'Session-Activity': 'passive', [SUBJECT_HEADER]: tag ?? '' },
      cache: 'no-store',
      signal,
    })
    const body = (await response.json().catch(() => ({}))) as Partial<SessionStatus>
    // Whichever clock saw more: the monotonic one stands still while some devices sleep.
    const took = performance.now() - askedAt + Math.max(0, wallLead() - lead)
    const saidAt = toMilliseconds(body.now)
    const said = read(body, saidAt, saidAt - took, route === '/sign-out' ? response.ok : undefined)
    if (!said) return { status: response.status }
    // It was said in the middle of the round trip, or of a long one perhaps at its beginning.
    clock.set(saidAt + (took > PROMPT ? took : took / 2), lead)
    return said
  } catch {
    return {}
  }
}

function read(
  body: Partial<SessionStatus>,
  saidAt: number,
  askedAt: number,
  recorded: boolean | undefined,
): Said | undefined {
  const { signedIn, ended, subjectTags: tags = [] } = body
  if (!saidAt) return undefined
  if (signedIn === false) {
    return { is: 'over', reason: ended ?? 'signed-out', recorded, askedAt }
  }
  const idleAt = toMilliseconds(body.idleExpiresAt)
  const end = endOf(idleAt, toMilliseconds(body.absoluteExpiresAt))
  if (signedIn !== true || !end.endAt) return undefined
  return {
    is: 'alive',
    ...end,
    idleAt,
    askedAt,
    saidAt,
    startedAt: toMilliseconds(body.startedAt),
    idleTimeout: Number(body.idleTimeout) * 1000,
    tags,
  }
}

/** 0 for no date. */
const toMilliseconds = (date: string | null | undefined): number => Date.parse(date as string) || 0
