/** `inspect`: what a cookie is, which key and hour sealed it, or why it does not open. */

import { boundCodec } from '../binding/claims.ts'
import { SessionError } from '../index.ts'
import { LONGEST_LIFE } from '../lib/limits.ts'
import { systemClock } from '../lib/platform.ts'
import { type KeyRing, keyRing } from '../seal/key-ring.ts'
import { open, SEALED } from '../seal/seal.ts'
import { hoursUntil, type SealFault } from '../seal/token-form.ts'
import { activityCodec, sessionCodec } from '../session/claims.ts'
import { type Options, type Terminal, UsageError, visible } from './terminal.ts'

const DEFAULT_NAME = '__Host-Http-session'
const DEFAULT_NAMES = [DEFAULT_NAME, `${DEFAULT_NAME}-activity`, '__Host-session-bound']
const HOUR = 3_600_000

/** A value that could be a seal, and the cookie names under which it may open. */
interface Given {
  readonly token: string
  readonly names: readonly string[]
}

const FAULTS: Record<SealFault, string> = {
  malformed: 'it does not have the form of a seal',
  'unknown-key': 'it was sealed under a key that is not in SESSION_KEYS',
  invalid: 'it was forged, damaged, or sealed under another cookie name: pass --name',
  expired: 'it was sealed over 400 days ago',
}

/** Prints what each cookie of the input is. Returns 1 if one does not open. */
export async function inspect(options: Options, terminal: Terminal): Promise<number> {
  const { SESSION_KEYS } = terminal.env
  if (!SESSION_KEYS) throw new UsageError('set SESSION_KEYS to the key ring of the server')
  const ring = await readRing(SESSION_KEYS)
  const given = readTokens(await terminal.readInput(), options.name)
  if (given.length === 0) {
    throw new UsageError(
      'the standard input holds no cookie: give a Cookie header, name=value, or a value',
    )
  }
  let code = 0
  for (const [index, one] of given.entries()) {
    if (index > 0) terminal.print('')
    const { isOpen, lines } = await describe(one, ring, options.data === true)
    for (const line of lines) terminal.print(visible(line))
    if (!isOpen) code = 1
  }
  return code
}

async function readRing(keys: string): Promise<KeyRing> {
  try {
    return await keyRing(keys, systemClock)()
  } catch (error) {
    // The messages are about the option of the library, and name no key.
    throw error instanceof SessionError
      ? error
      : new UsageError(`SESSION_KEYS: ${(error as Error).message}`)
  }
}

/** The values of a `Cookie` header, of one pair, or a value alone. Pairs that are no seal are left out. */
function readTokens(input: string, name: unknown): readonly Given[] {
  const text = input.trim().replace(/^(set-)?cookie:\s*/i, '')
  const isHeader = text.includes('=')
  if (!isHeader) {
    const names = typeof name === 'string' ? [name] : DEFAULT_NAMES
    return text === '' ? [] : [{ token: text, names }]
  }
  return text.split(';').flatMap((pair) => {
    const [, key = '', value = ''] = /^\s*([^=]+)=\s*(.*?)\s*$/.exec(pair) ?? []
    if (value.split('.').length !== 5) return []
    return [{ token: value, names: [typeof name === 'string' ? name : key] }]
  })
}

async function describe(
  { token, names }: Given,
  ring: KeyRing,
  withData: boolean,
): Promise<{ isOpen: boolean; lines: readonly string[] }> {
  const now = systemClock()
  let fault: SealFault = 'malformed'
  for (const name of names) {
    const use = { kind: 'cookie', name } as const
    const candidate = SEALED.identify(token, use, ring, hoursUntil(now, LONGEST_LIFE * 1000))
    if (typeof candidate === 'string') {
      fault = candidate
      continue
    }
    fault = 'invalid'
    const json = await open(candidate)
    const claims = json && claimsOf(json, withData)
    if (!claims) continue
    const place = ring.indexOf(candidate.root)
    const lines = [
      `cookie: ${name}`,
      `key: ${candidate.root.id}, number ${place + 1} of ${ring.length}${place === 0 ? ' (it seals)' : ''}`,
      `hour: ${new Date(candidate.hour * HOUR).toISOString()}`,
      ...claims,
    ]
    return { isOpen: true, lines }
  }
  const lines = [`cookie: ${names[0]}`, `does not open: ${fault}: ${FAULTS[fault]}`]
  return { isOpen: false, lines }
}

/** The claims of each cookie, one to a line. */
function claimsOf(payload: string, withData: boolean): readonly string[] | undefined {
  const session = sessionCodec.read(payload)
  if (session !== undefined) {
    const { sid, family, subject, iat, limit, kept, act, external, audience, remembered, json } =
      session
    return [
      ...line('sid', sid),
      ...line('family', family),
      ...line('subject', subject),
      ...line('began', instant(iat)),
      ...line('active', instant(act)),
      ...line('limit', instant(limit)),
      ...line('kept', kept === undefined ? undefined : instant(kept)),
      ...line('external', external),
      ...line('audience', audience),
      ...line('remembered', String(remembered)),
      withData ? `data: ${json}` : `data: ${json.length} characters, pass --data to print them`,
    ]
  }
  const activity = activityCodec.read(payload)
  if (activity !== undefined) {
    const { sid, act, chk, bound } = activity
    return [
      ...line('sid', sid),
      ...line('active', instant(act)),
      ...line('checked', chk === undefined ? undefined : instant(chk)),
      ...line('bound', typeof bound === 'number' ? `not at ${instant(bound)}` : bound && 'true'),
    ]
  }
  const proof = boundCodec.read(payload)
  if (proof === undefined) return undefined
  return [
    ...line('family', proof.family),
    ...line('registered', instant(proof.since)),
    ...line('proved', instant(proof.provedAt)),
  ]
}

const line = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`${name}: ${value}`]

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()
