/**
 * The revocation list on a Durable Object, with answers to `changes` shared by the isolates of a data
 * centre through the Cache API.
 */

import { waitUntil } from 'cloudflare:workers'
import {
  type RevocationChanges,
  type RevocationList,
  targetName,
  targetOf,
} from '../contracts/revocation-list.ts'
import { encodeBase64url } from '../lib/base64url.ts'
import { assertOptional, onlyMembers } from '../lib/check.ts'
import { randomBytes, systemClock } from '../lib/platform.ts'
import { journal } from '../revocation/journal.ts'
import { callObject } from './call.ts'
import type { RecordedMarks } from './revocation-object.ts'

/** What is needed of a namespace: `DurableObjectNamespace<RevocationObject>` has it. */
export interface RevocationObjectNamespace {
  idFromName(name: string): RevocationObjectId
  get(id: RevocationObjectId, options?: { locationHint?: string }): RevocationObjectStub
}

/** The id of the object. */
export interface RevocationObjectId {
  toString(): string
}

/** The object as a Worker sees it. */
export interface RevocationObjectStub {
  read(names: string[]): Promise<(number | null)[]>
  write(name: string, mark: number, seconds: number): Promise<void>
  changes(since: number): Promise<RecordedMarks>
  claim(name: string, until: number, claimant: string): Promise<boolean>
}

/** Options of `durableObjectRevocationList`. */
export interface DurableObjectRevocationListOptions {
  /** Where the object is created when it is first asked, such as `'weur'`. Default: near whoever asks first. */
  locationHint?: string
  /**
   * Keep what has changed in the Cache API of each data centre for half of `recheckAfter`, so that
   * one of its isolates asks for all. Default `true`. Without a cache (workers.dev) each asks itself.
   */
  share?: boolean
}

/** A copy in the cache. */
interface Copy extends RecordedMarks {
  /** When the object was asked, by the clock of the isolate that asked, and since when. */
  readonly asked: number
  readonly since: number
}

// How far back a shared answer reaches: far enough for what is asked, and few, because each is a copy.
const SPANS = [60_000, 300_000, 3_600_000]

/**
 * A revocation list on one Durable Object, strongly consistent. It has `changes`, so that each
 * isolate asks at most twice in `recheckAfter` however many sessions it serves.
 *
 * @example
 * export { RevocationObject } from 'sealed-session/durable-object'
 *
 * durableObjectRevocationList(env.REVOCATIONS)
 */
export function durableObjectRevocationList(
  namespace: RevocationObjectNamespace,
  options: DurableObjectRevocationListOptions = {},
): RevocationList {
  if (typeof namespace?.idFromName !== 'function') {
    throw new TypeError(
      'durableObjectRevocationList() takes a Durable Object namespace; is its binding in wrangler.toml, ' +
        'and of the same name?',
    )
  }
  onlyMembers('the options of durableObjectRevocationList', options, ['locationHint', 'share'])
  assertOptional('locationHint', options.locationHint, 'string')
  assertOptional('share', options.share, 'boolean')
  const { locationHint, share = true } = options
  const idOf = () => namespace.idFromName('revocations')

  const call = <T>(work: (object: RevocationObjectStub) => Promise<T>): Promise<T> =>
    callObject(namespace, idOf(), locationHint, work)

  return {
    async read(targets) {
      const marks = await call((object) => object.read(targets.map(targetName)))
      return marks.map((mark) => mark ?? undefined)
    },
    write: (target, mark, seconds) =>
      call((object) => object.write(targetName(target), mark, seconds)),
    claim(name, until) {
      const claimant = encodeBase64url(randomBytes(16))
      return call((object) => object.claim(name, until, claimant))
    },
    changes(since, maxAge = 0) {
      const ask = (from: number) => call((object) => object.changes(from))
      const copies = share && maxAge > 0 ? `https://sealed-session.invalid/${idOf()}` : undefined
      const answer = sharedChanges(ask, copies, { since, maxAge })
      // It is for every request of the isolate: the one that asked may end first.
      waitUntil(answer.catch(() => {}))
      return answer
    },
    journal,
  }
}

/**
 * What has changed, from the data centre's cache if its copy is recent enough. `copies` is where in
 * the cache the copies are; without it the object is asked.
 */
async function sharedChanges(
  ask: (since: number) => Promise<RecordedMarks>,
  copies: string | undefined,
  { since, maxAge }: { readonly since: number; readonly maxAge: number },
): Promise<RevocationChanges> {
  const asked = systemClock()
  const span = SPANS.find((span) => asked - span <= since - maxAge)
  if (copies === undefined || span === undefined) return toChanges(await ask(since))
  const url = `${copies}/${span}`
  const cache = await caches.open('sealed-session').catch(() => undefined)
  const copy = await readCopy(cache, url)
  const age = Math.max(0, systemClock() - (copy?.asked ?? 0))
  if (copy !== undefined && age <= maxAge && copy.since <= since) {
    return { ...toChanges(copy), age }
  }
  const reach = { asked, since: asked - span }
  const answer = await ask(reach.since)
  const headers = { 'Cache-Control': `max-age=${Math.ceil(maxAge / 1000)}` }
  const stored = cache?.put(url, Response.json({ ...answer, ...reach }, { headers }))
  if (stored !== undefined) waitUntil(stored.catch(() => {}))
  return toChanges(answer)
}

/** A cache that fails is as good as an empty one. */
async function readCopy(cache: Cache | undefined, url: string): Promise<Copy | undefined> {
  try {
    return await (await cache?.match(url))?.json()
  } catch {
    return undefined
  }
}

function toChanges({ now, from, names, marks }: RecordedMarks): RevocationChanges {
  return {
    now,
    from,
    marks: names.map((name, index) => {
      const target = targetOf(name)
      if (target === undefined) throw new TypeError('the object has a mark without a target')
      // In JSON no number is infinite.
      return [target, marks[index] ?? Number.POSITIVE_INFINITY]
    }),
  }
}
