/**
 * From a request to its session: find the cookies, open them, choose the session that counts, and
 * check that it was not revoked.
 */

import type { RequestBinding } from '../contracts/device-binding.ts'
import { SessionError } from '../lib/errors.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import type { SealFault } from '../seal/token-form.ts'
import { chooseSession } from './candidates.ts'
import type { Family, SessionClaims } from './claims.ts'
import type { Config } from './config.ts'
import type { DataSource } from './data.ts'
import type { EndReason } from './types.ts'

/** What was found in a request. */
export interface Found {
  readonly session: FoundSession
  /**
   * The families of all session cookies that opened, even of sessions that are over. A sign-out
   * ends them all.
   */
  readonly families: readonly Family[]
  /** The audience for a session that begins with this request. */
  readonly audience: string | undefined
  readonly binding: RequestBinding | undefined
}

/** No session, a live session, or one that could not be verified. */
export type FoundSession =
  | {
      readonly status: 'none'
      readonly ended: EndReason | undefined
      readonly data: DataSource
    }
  | {
      readonly status: 'live'
      /** `act` is the later time of the two cookies. */
      readonly claims: SessionClaims
      /** The data as JSON, or why it could not be loaded. */
      readonly data: string | SessionError
      readonly chk: number | undefined
      /** Whether the activity cookie is missing or does not have the latest check. */
      readonly activityIsStale: boolean
      /** Whether the request counts as activity until the handler says otherwise. */
      readonly isActivity: boolean
    }
  | { readonly status: 'locked'; readonly error: SessionError }

/**
 * Never rejects because of what a client sent. If no cookie is honoured, there is no session, and
 * `ended` gives the reason. If the list or the keys cannot be reached, the session is locked.
 */
export async function findSession(request: Request, config: Config): Promise<Found> {
  const { cookies, report } = config
  const audience = config.audience(request)
  const header = request.headers.get('Cookie') ?? ''
  const binding = config.binding?.open(request, header)
  const none = async (ended?: EndReason, families: readonly Family[] = []) => {
    // If several cookies opened, it is not certain whose session ended, so no family is reported.
    const family = families.length === 1 ? families[0]?.family : undefined
    if (ended !== undefined) await report({ type: 'ended', reason: ended }, family)
    const data = await config.data.fresh()
    const session = { status: 'none', ended, data } as const
    return { session, families, audience, binding }
  }
  const locked = (error: SessionError, families: readonly Family[] = []): Found => {
    return { session: { status: 'locked', error }, families, audience, binding }
  }

  if (!header.includes(`${cookies.session.name}=`) || binding?.isOwn) return none()

  const ring = await config.ring().catch(onlyUnavailable)
  if (ring instanceof SessionError) return locked(ring)

  const { chosen, families } = await openCookies(header, ring, audience, config)
  // Instead of a session it can be the reason why there is none.
  if (typeof chosen !== 'object') return none(chosen, families)

  const { claims, activity } = chosen
  const refusal = await binding?.check(claims, activity?.bound)
  if (refusal !== undefined) {
    return typeof refusal === 'object' ? locked(refusal, families) : none(refusal, families)
  }
  const verdict = await config.revocation.check(claims, activity?.chk)
  if (verdict.status === 'revoked') return none('revoked', families)
  if (verdict.status === 'unavailable') return locked(verdict.error, families)

  const data = await dataOf(claims, config)
  if (data === undefined) return none('data', families)
  const session: FoundSession = {
    status: 'live',
    claims,
    data,
    chk: verdict.checkedAt,
    activityIsStale:
      activity === undefined ||
      activity.chk !== verdict.checkedAt ||
      activity.bound !== binding?.claim,
    isActivity: config.isActivity(request),
  }
  return { session, families, audience, binding }
}

/** Opens both cookies. Gives the session that counts, and the families of all that opened. */
async function openCookies(
  header: string,
  ring: KeyRing,
  audience: string | undefined,
  { cookies, now: clock, timeouts }: Config,
) {
  const now = clock()
  const how = { ring, now, longest: timeouts.longest }
  const [opened, activities] = await Promise.all([
    cookies.session.open(header, how),
    cookies.activity.open(header, how),
  ])
  const candidates = {
    sessions: opened.claims,
    activities: activities.claims,
    refused: opened.faults.map(toReason),
  }
  const chosen = chooseSession(candidates, { now, timeouts, audience })
  return { chosen, families: familiesOf(opened.claims) }
}

/** The data as JSON, or why it could not be loaded; `undefined` if it is lost or refused. */
async function dataOf(
  { ref, json, version }: SessionClaims,
  { data, dataStore }: Config,
): Promise<string | SessionError | undefined> {
  const stored = ref === undefined ? json : await (dataStore?.read(ref) ?? noDataStore())
  if (typeof stored !== 'string') return stored
  return data.accept(await data.migrate(stored, version)).catch(refusedBySchema)
}

const toReason = (fault: SealFault): EndReason => (fault === 'expired' ? 'absolute' : fault)

/** The families of some sessions, each once. All sessions of a family have the same limit. */
const familiesOf = (sessions: readonly SessionClaims[]): readonly Family[] => [
  ...new Map(
    sessions.map(({ family, limit, subject }) => [family, { family, limit, subject }]),
  ).values(),
]

/** For `catch`: the keys could not be reached. Any other error goes on. */
function onlyUnavailable(error: unknown): SessionError {
  if (error instanceof SessionError && error.code === 'keys-unavailable') return error
  throw error
}

const noDataStore = () => new SessionError('data-unavailable', 'the manager has no "dataStore"')

/** For `catch`: `undefined`, because the schema refused the data. Any other error goes on. */
function refusedBySchema(error: unknown): undefined {
  if (!(error instanceof SessionError)) throw error
}
