/**
 * The options of a manager, resolved once: validated, defaulted and frozen. A mistake shows at
 * creation, never during a request.
 */

import type { RevocationList } from '../contracts/revocation-list.ts'
import { activityName, resolveCookies } from '../cookies/attributes.ts'
import { SealedCookie } from '../cookies/sealed-cookie.ts'
import { assertOptional, kindOf, onlyMembers, wholeSeconds } from '../lib/check.ts'
import { noticeKeys } from '../lib/isolate-warnings.ts'
import { systemClock } from '../lib/platform.ts'
import { ListRevocation, type RevocationConfig } from '../revocation/list-revocation.ts'
import { endingOf, targetsOf } from '../revocation/marks.ts'
import { noRevocation, type Revocation } from '../revocation/revocation.ts'
import { type KeyRing, keyRing } from '../seal/key-ring.ts'
import { open, SEALED, sealJson } from '../seal/seal.ts'
import { hoursUntil } from '../seal/token-form.ts'
import { resolveActivity } from './activity.ts'
import { activityCodec, sessionCodec } from './claims.ts'
import type { Config } from './config.ts'
import type { SessionEvent } from './events.ts'
import type { SessionOptions } from './options.ts'
import { type DataOptions, resolveDataRules } from './schema.ts'
import { resolveTimeouts } from './timeouts.ts'

const NAMES = [
  'keys',
  'revocationList',
  'sessionIndex',
  'idleTimeout',
  'absoluteTimeout',
  'remembered',
  'touchAfter',
  'recheckAfter',
  'staleIfError',
  'revocationTimeout',
  'dataStore',
  'binding',
  'cookie',
  'schema',
  'dataVersion',
  'migrate',
  'audience',
  'isActivity',
  'activityOrigins',
  'onEvent',
  'now',
] satisfies readonly (keyof SessionOptions<object>)[]

export function resolveOptions<Data extends object>(options: SessionOptions<Data>): Config {
  onlyMembers('the options of createSessionManager', options, NAMES)
  const { now = systemClock, onEvent, revocationList } = options
  assertOptional('now', now, 'function')
  assertOptional('onEvent', onEvent, 'function')
  const timeouts = resolveTimeouts(options)
  const { timeout, ...ages } = resolveDurations(options)
  const { name, attributes } = resolveCookies(options.cookie)
  const ring = keyRing(options.keys, now, warnsOfOtherKeys(options, name))
  const report = reporter(onEvent, ring)
  const revocation = resolveRevocation(revocationList, { ...ages, timeout, now, report })
  const hasList = revocationList !== 'none'
  const host = { now, report, revocation, timeout, rules: { endingOf, targetsOf } }
  const use = { kind: 'data', name } as const
  const config: Config = {
    now,
    ring,
    cookies: {
      session: new SealedCookie(name, attributes, sessionCodec),
      activity: new SealedCookie(activityName(name), attributes, activityCodec),
      flash: new SealedCookie(`${name}-flash`, attributes, sessionCodec),
    },
    timeouts,
    revocation,
    index: made(
      'sessionIndex',
      options.sessionIndex,
      'a session index, beside a revocation list',
      hasList,
    )?.connect(host),
    dataStore: made(
      'dataStore',
      options.dataStore,
      'a data store, such as kvDataStore(...)',
    )?.connect({
      now,
      report,
      seal: async (json) => (await sealJson(json, use, await ring(), now())).token,
      open: async (token) => {
        const hours = hoursUntil(now(), timeouts.longest)
        const candidate = SEALED.identify(token, use, await ring(), hours)
        return typeof candidate === 'object' ? open(candidate) : undefined
      },
    }),
    data: resolveDataRules(options as DataOptions),
    audience: resolveAudience(options.audience),
    isActivity: resolveActivity(options, options.cookie?.sameSite),
    report,
  }
  const binding = made('binding', options.binding, 'deviceBinding({ ... })')
  return Object.freeze({
    ...config,
    binding: binding?.connect({ ...config, ...ages, hasList, attributes }),
  })
}

/** A part of the manager that the app makes and passes. Checks that it is one. */
function made<Part extends { connect: unknown }>(
  option: string,
  part: Part | undefined,
  kind: string,
  isPossible = true,
): Part | undefined {
  if (part === undefined) return undefined
  if (typeof part?.connect === 'function' && isPossible) return part
  throw new TypeError(`"${option}" must be ${kind}; got ${kindOf(part)}`)
}

/** How the list is asked, in milliseconds. */
function resolveDurations<Data extends object>(options: SessionOptions<Data>) {
  const { recheckAfter = 60, staleIfError = 300, revocationTimeout = 2 } = options
  return {
    recheckAfter: wholeSeconds('recheckAfter', recheckAfter) * 1000,
    staleIfError: wholeSeconds('staleIfError', staleIfError) * 1000,
    timeout: wholeSeconds('revocationTimeout', revocationTimeout, 1, 60) * 1000,
  }
}

function reporter(
  onEvent: ((event: SessionEvent) => void) | undefined,
  ring: Config['ring'],
): Config['report'] {
  return async (event, family) => {
    if (onEvent === undefined) return
    const name = async (id: string) => (await ring())[0].pseudonym(id)
    const session = family && (await name(family).catch(() => undefined))
    // An error in logging must not fail the request, nor end the process if a promise rejects.
    const call = async () => onEvent(session ? ({ ...event, session } as SessionEvent) : event)
    call().catch(() => {})
  }
}

/** A manager with a clock of its own is in a test, which makes several managers on purpose. */
function warnsOfOtherKeys({ now }: { now?: () => number }, cookieName: string) {
  if (now !== undefined) return undefined
  const manager = {}
  return (ring: KeyRing) =>
    noticeKeys(
      cookieName,
      manager,
      ring.map(({ id }) => id),
    )
}

function resolveRevocation(
  list: RevocationList | 'none',
  config: Omit<RevocationConfig, 'list'>,
): Revocation {
  if (list === 'none') return noRevocation(config.now, config.report)
  if (isRevocationList(list)) return new ListRevocation({ ...config, list })
  throw new TypeError(
    `"revocationList" must be a revocation list, such as kvRevocationList(env.REVOCATIONS), or 'none' ` +
      `to accept that a copied cookie works after sign-out; got ${insteadOfList(list)}`,
  )
}

function resolveAudience(
  audience: SessionOptions<object>['audience'],
): (request: Request) => string | undefined {
  if (audience === undefined) return () => undefined
  const checked = (name: unknown) => {
    if (typeof name === 'string' && name !== '' && name.isWellFormed()) return name
    throw new TypeError(
      `"audience" must be a non-empty string, or a function that returns one; got ${kindOf(name)}`,
    )
  }
  if (typeof audience === 'function') return (request) => checked(audience(request))
  const name = checked(audience)
  return () => name
}

function insteadOfList(list: unknown): string {
  const isNamespace = typeof list === 'object' && list !== null && 'get' in list && 'put' in list
  return isNamespace ? 'a KV namespace: wrap it in kvRevocationList(...)' : kindOf(list)
}

const isRevocationList = (list: unknown): list is RevocationList =>
  typeof list === 'object' && list !== null && 'read' in list && 'write' in list
