/**
 * The `Cookie` header of a session in any state. The session begins in a session manager, at the
 * instant at which it would have begun, so that a test gets what the app would have sealed.
 */

import { activityName, resolveCookies } from '../cookies/attributes.ts'
import { SealedCookie } from '../cookies/sealed-cookie.ts'
import { onlyMembers, wholeSeconds } from '../lib/check.ts'
import { systemClock } from '../lib/platform.ts'
import { keyRing } from '../seal/key-ring.ts'
import { activityCodec } from '../session/claims.ts'
import { createSessionManager } from '../session/manager.ts'
import type { SessionOptions } from '../session/options.ts'
import { resolveTimeouts } from '../session/timeouts.ts'
import type { Session, SignInOptions } from '../session/types.ts'

/** The state of a session. All durations are whole seconds. */
export interface SessionState<Data extends object = Record<string, unknown>> {
  /** Who is signed in. Without it the session is an anonymous one, which needs `data`. */
  subject?: string
  /** The app's data. */
  data?: Session<Data>['data']
  /** Signed in with `remember`. Default `false`. */
  remember?: boolean
  /** The session at an identity provider, as `signIn` takes it. */
  external?: NonNullable<SignInOptions['external']>
  /** How long ago the session began. Default: as long ago as the last activity. */
  age?: number
  /**
   * How long ago the last activity was. Default 0. A session that is past its absolute limit was
   * active until the limit.
   */
  idleFor?: number
  /**
   * Recorded as ended in the `revocationList` of the options, and not checked by the app since.
   * Default `false`.
   */
  revoked?: boolean
  /** One character of the sealed session differs. Default `false`. */
  tampered?: boolean
  /** An address of the app, for an `audience` that depends on the request. */
  url?: string
}

const MEMBERS = [
  'subject',
  'data',
  'remember',
  'external',
  'age',
  'idleFor',
  'revoked',
  'tampered',
  'url',
] satisfies readonly (keyof SessionState)[]

const SITE = 'https://site.example/'

/**
 * The `Cookie` header of a session. `options` are those of the manager that sealed it: those of the
 * app, or other ones, such as an earlier key or no schema yet. The last revocation check that the
 * cookies record is the sign-in.
 *
 * @example
 * const cookie = await sessionCookie(options, { subject: 'ada', idleFor: 1_800 })
 * const response = await app.request('/', { headers: { cookie } })
 */
export async function sessionCookie<Data extends object = Record<string, unknown>>(
  options: SessionOptions<Data>,
  state: SessionState<Data>,
): Promise<string> {
  onlyMembers('the state of a session', state, MEMBERS)
  const { began, active } = timesOf(options, state)
  const { sid, family, token } = await begin(options, state, began)
  if (state.revoked) await revoke(options, family)
  const check = state.revoked ? undefined : began
  const { name, attributes } = resolveCookies(options.cookie)
  const activity = new SealedCookie(activityName(name), attributes, activityCodec)
  const activityToken = await activity.seal(
    { sid, act: active, chk: check },
    await keyRing(options.keys, () => active)(),
    active,
  )
  const sessionToken = state.tampered ? withOtherCharacter(token) : token
  return `${name}=${sessionToken}; ${activity.name}=${activityToken}`
}

/** When the session began and was last active, in milliseconds. */
function timesOf<Data extends object>(
  options: SessionOptions<Data>,
  { remember = false, idleFor = 0, age = idleFor }: SessionState<Data>,
) {
  wholeSeconds('idleFor', idleFor)
  wholeSeconds('age', age)
  if (idleFor > age) {
    throw new TypeError(`"idleFor" (${idleFor}) must not be greater than "age" (${age})`)
  }
  const now = (options.now ?? systemClock)()
  const { normal, remembered } = resolveTimeouts(options)
  const began = now - age * 1000
  const limit = began + (remember ? remembered : normal).absolute
  return { began, active: Math.min(now - idleFor * 1000, limit - 1) }
}

/** Lets the session begin in a manager that seals like the app's. */
async function begin<Data extends object>(
  options: SessionOptions<Data>,
  { subject, data, remember = false, external, url = SITE }: SessionState<Data>,
  instant: number,
): Promise<{ sid: string; family: string; token: string }> {
  // What happens here is not part of the test: it asks no list, reports and records nothing, and makes no
  // offer to a device.
  const { sessionIndex, binding, onEvent, ...rest } = options
  const manager = createSessionManager<Data>({
    ...rest,
    revocationList: 'none',
    now: () => instant,
  })
  const session = await manager.load(new Request(url))
  if (subject !== undefined) {
    await session.signIn(subject, { remember, ...(external !== undefined && { external }) })
  }
  if (data !== undefined) session.data = data
  const response = await manager.commit(session, new Response())
  const { sid, family } = session
  const [setCookie] = response.headers.getSetCookie()
  if (sid === undefined || family === undefined || setCookie === undefined) {
    throw new TypeError('a session has a "subject" or "data": without them a visitor has no cookie')
  }
  return { sid, family, token: setCookie.slice(setCookie.indexOf('=') + 1, setCookie.indexOf(';')) }
}

async function revoke<Data extends object>(
  { now = systemClock, ...options }: SessionOptions<Data>,
  family: string,
): Promise<void> {
  if (options.revocationList === 'none') {
    throw new TypeError('a "revoked" session needs a "revocationList" in the options')
  }
  await createSessionManager<Data>({ ...options, now }).revokeSession(family)
}

/** The token with another first character of its ciphertext (RFC 7516 section 7.1). */
function withOtherCharacter(token: string): string {
  const parts = token.split('.')
  const [first = '', ...rest] = parts[3] ?? ''
  parts[3] = `${first === 'A' ? 'B' : 'A'}${rest.join('')}`
  return parts.join('.')
}
