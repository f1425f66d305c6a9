/**
 * The options of a manager, resolved once: validated, defaulted and frozen, so that a request never
 * meets a mistake in them.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec'
import { kindOf, onlyMembers, optional, wholeSeconds } from './check.ts'
import { type Cookies, resolveCookies } from './cookies.ts'
import { SessionError } from './errors.ts'
import { type KeyRing, keyRing } from './key-ring.ts'
import { systemClock } from './platform.ts'
import { noRevocation, type Revocation, revocationBy } from './revocation.ts'
import type { RevocationList } from './revocation-list.ts'
import { resolveTimeouts, type Timeouts } from './timeouts.ts'
import type { SessionEvent, SessionOptions } from './types.ts'

/** What a manager works with. */
export interface Config {
  readonly now: () => number
  readonly ring: () => Promise<KeyRing>
  readonly cookies: Cookies
  readonly timeouts: Timeouts
  readonly revocation: Revocation
  readonly hasList: boolean
  /** What the schema makes of data. Rejects with `data`, and with `not-json` when it is no object. */
  readonly validate: (data: unknown) => Promise<object>
  /** What the schema makes of the JSON of data that was sealed; `undefined` if it refuses. */
  readonly revalidate: (json: string) => Promise<string | undefined>
  readonly isActivity: (request: Request) => boolean
  readonly report: (event: SessionEvent) => void
}

const MEMBERS = [
  'keys',
  'revocationList',
  'idleTimeout',
  'absoluteTimeout',
  'remembered',
  'touchAfter',
  'recheckAfter',
  'staleIfError',
  'revocationTimeout',
  'cookie',
  'schema',
  'isActivity',
  'onEvent',
  'now',
]

export function resolveOptions<Data extends object>(options: SessionOptions<Data>): Config {
  onlyMembers('the options of createSessionManager', options, MEMBERS)
  const { now = systemClock, isActivity = isNotPassive, onEvent } = options
  optional('now', now, 'function')
  optional('isActivity', isActivity, 'function')
  optional('onEvent', onEvent, 'function')
  const timeouts = resolveTimeouts(options)
  const report = (event: SessionEvent) => {
    try {
      onEvent?.(event)
    } catch {
      // A fault in logging must not become one in serving.
    }
  }
  return Object.freeze({
    now,
    ring: keyRing(options.keys, now),
    cookies: resolveCookies(options.cookie),
    timeouts,
    revocation: resolveRevocation(options, timeouts, now, report),
    hasList: options.revocationList !== 'none',
    ...resolveSchema(options.schema),
    isActivity: (request: Request) => !isPrefetch(request) && isActivity(request),
    report,
  })
}

function resolveRevocation<Data extends object>(
  options: SessionOptions<Data>,
  timeouts: Timeouts,
  now: () => number,
  report: (event: SessionEvent) => void,
): Revocation {
  const { recheckAfter = 60, staleIfError = 300, revocationTimeout = 2 } = options
  const config = {
    recheckAfter: wholeSeconds('recheckAfter', recheckAfter) * 1000,
    staleIfError: wholeSeconds('staleIfError', staleIfError) * 1000,
    timeout: wholeSeconds('revocationTimeout', revocationTimeout, 1, 60) * 1000,
    longest: timeouts.longest,
    now,
    report,
  }
  const list: unknown = options.revocationList
  if (list === 'none') return noRevocation(now)
  if (isRevocationList(list)) return revocationBy({ ...config, list })
  throw new TypeError(
    `"revocationList" must be a revocation list, such as kvRevocationList(env.REVOCATIONS), or 'none' ` +
      `if a copied cookie may work after sign-out; got ${kindOf(list)}`,
  )
}

const isRevocationList = (list: unknown): list is RevocationList =>
  typeof list === 'object' && list !== null && 'read' in list && 'write' in list

function resolveSchema(
  schema: StandardSchemaV1 | undefined,
): Pick<Config, 'validate' | 'revalidate'> {
  if (schema === undefined) {
    return { validate: async (data) => asObject(data), revalidate: async (json) => json }
  }
  if (typeof schema?.['~standard']?.validate !== 'function') {
    throw new TypeError(
      `"schema" must be a Standard Schema (zod, valibot, arktype, ...); got ${kindOf(schema)}`,
    )
  }
  const validate = async (data: unknown) => {
    const result = await schema['~standard'].validate(data)
    if (result.issues !== undefined) throw refused(result.issues)
    return asObject(result.value)
  }
  const revalidate = async (json: string) => {
    const result = await schema['~standard'].validate(JSON.parse(json))
    return result.issues === undefined ? JSON.stringify(asObject(result.value)) : undefined
  }
  return { validate, revalidate }
}

function asObject(data: unknown): object {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data
  throw new SessionError('not-json', `data must be an object; got ${kindOf(data)}`)
}

/** Names where the schema found something; its messages may hold data, so they stay out. */
function refused(issues: readonly StandardSchemaV1.Issue[]): SessionError {
  const paths = issues
    .slice(0, 3)
    .map(({ path = [] }) =>
      ['data', ...path.map((part) => String(typeof part === 'object' ? part.key : part))].join('.'),
    )
  return new SessionError('data', `the schema refused ${paths.join(', ')}`)
}

/** A browser that fetches a page before anybody asked for it (Fetch, `Sec-Purpose`) is not a person at work. */
const isPrefetch = ({ headers }: Request): boolean =>
  /\bprefetch\b/i.test(
    headers.get('Sec-Purpose') ?? headers.get('Purpose') ?? headers.get('X-Moz') ?? '',
  )

const isNotPassive = ({ headers }: Request): boolean =>
  headers.get('Session-Activity')?.toLowerCase() !== 'passive'
