/** Seals that were written once. They must open for ever, wherever the library runs. */

import type { Session } from '../../src/index.ts'
import bound from '../vectors/bound-v2.json' with { type: 'json' }
import external from '../vectors/external-v2.json' with { type: 'json' }
import signed from '../vectors/signed-v1.json' with { type: 'json' }
import stored from '../vectors/stored-v2.json' with { type: 'json' }
import golden from '../vectors/v2.json' with { type: 'json' }
import versioned from '../vectors/versioned-v2.json' with { type: 'json' }
import { equal, rejects } from './assert.ts'
import { type AnyData, requestWith } from './browser-like.ts'
import type { Case } from './suite.ts'

const { keys, name } = golden
const now = Date.parse(golden.now)

const sealCases = golden.seals.map(
  ({ about, purpose, token, value, expiresAt }): Case => ({
    name: `golden seal: ${about}`,
    async run({ unseal }) {
      const expires = Date.parse(expiresAt)
      equal(await unseal(token, { keys, purpose, now: () => now }), value)
      equal(await unseal(token, { keys, purpose, now: () => expires - 1 }), value)
      await rejects(unseal(token, { keys, purpose, now: () => expires }), 'expired')
      await rejects(unseal(token, { keys, purpose: 'another', now: () => now }), 'invalid')
    },
  }),
)

const signedCases = signed.signed.map(
  ({ about, purpose, token, value, expiresAt }): Case => ({
    name: `golden signed value: ${about}`,
    async run({ verify }) {
      const options = { keys: signed.keys, purpose, now: () => Date.parse(signed.now) }
      const expires = Date.parse(expiresAt)
      equal(await verify(token, options), value)
      equal(await verify(token, { ...options, now: () => expires - 1 }), value)
      await rejects(verify(token, { ...options, now: () => expires }), 'expired')
      await rejects(verify(token, { ...options, purpose: 'another' }), 'invalid')
    },
  }),
)

const sessionCases = golden.sessions.map(
  ({ about, session, activity, expected, idleExpiresAt, keptAt, beganAs, audience }): Case => ({
    name: `golden session: ${about}`,
    async run({ createSessionManager, memoryRevocationList }) {
      const list = memoryRevocationList({ now: () => now })
      const load = (instant: number, cookie: string, revocationList = list, other = audience) => {
        const manager = createSessionManager<AnyData>({
          keys,
          revocationList,
          recheckAfter: 0,
          cookie: { name },
          now: () => instant,
          ...(other === undefined ? {} : { audience: other }),
          isActivity: () => false,
        })
        return manager.load(requestWith(cookie))
      }
      const both = `${name}=${session}; ${name}-activity=${activity}`
      const loaded = plain(await load(now, both))
      equal(loaded, expected)
      const elsewhere = await load(now, both, list, 'another.example')
      equal(elsewhere.ended, audience === undefined ? undefined : 'invalid')
      const idle = Date.parse(idleExpiresAt)
      equal((await load(idle - 1, both)).sid, expected.sid)
      equal((await load(idle, both)).ended, 'idle')
      const swapped = `${name}=${activity}; ${name}-activity=${session}`
      equal((await load(now, swapped)).ended, 'invalid')
      const { subject } = loaded
      if (keptAt === undefined || beganAs === undefined || subject === undefined) return
      const kept = Date.parse(keptAt)
      await list.write({ scope: 'others', subject }, kept - 1, 3_600)
      equal((await load(now, both)).sid, expected.sid)
      await list.write({ scope: 'others', subject }, kept, 3_600)
      equal((await load(now, both)).ended, 'revoked')
      const signedOut = memoryRevocationList({ now: () => now })
      await signedOut.write({ scope: 'session', sid: beganAs }, now, 3_600)
      equal((await load(now, both, signedOut)).ended, 'revoked')
    },
  }),
)

const storedCase: Case = {
  name: 'golden session: its data in a data store, and messages that wait',
  async run({ createSessionManager, dataStore }) {
    const { name, session, flash, subject, text, messages } = stored
    const now = Date.parse(stored.now)
    const entries: Record<string, string> = stored.entries
    const read = async (key: string) => entries[key]
    const load = (place: Parameters<typeof dataStore>[0]) =>
      createSessionManager<AnyData>({
        keys: stored.keys,
        revocationList: 'none',
        dataStore: dataStore(place),
        cookie: { name },
        now: () => now,
      }).load(requestWith(`${name}=${session}; ${name}-flash=${flash}`))
    const found = await load({ read, write: async () => {} })
    equal(found.subject, subject)
    equal(found.data, { text: text.piece.repeat(text.times) })
    equal(await found.takeFlash(), messages)
    const exchanged = await load({ read: async () => session, write: async () => {} })
    equal(exchanged.ended, 'data')
    // Messages of a session that does not count are for nobody.
    equal(await exchanged.takeFlash(), [])
  },
}

const versionedCase: Case = {
  name: 'golden session: the version of its data',
  async run({ createSessionManager }) {
    const { keys, name, session, subject, data, version } = versioned
    const seen: unknown[] = []
    const manager = createSessionManager<AnyData>({
      keys,
      revocationList: 'none',
      cookie: { name },
      now: () => Date.parse(versioned.now),
      dataVersion: version + 1,
      migrate(old, from) {
        seen.push(from)
        return { was: old }
      },
    })
    const found = await manager.load(requestWith(`${name}=${session}`))
    equal([found.subject, found.data, seen], [subject, { was: data }, [version]])
  },
}

const externalCase: Case = {
  name: 'golden session: of a session at an identity provider',
  async run({ createSessionManager, memoryRevocationList }) {
    const { keys, name, session, subject } = external
    const [issuer = '', sid = ''] = external.external
    const now = () => Date.parse(external.now) + 60_000
    const revocationList = memoryRevocationList({ now })
    const manager = () =>
      createSessionManager<AnyData>({ keys, revocationList, cookie: { name }, now })
    const load = () => manager().load(requestWith(`${name}=${session}`))
    await manager().revokeExternal([issuer, `${sid}0`])
    equal((await load()).subject, subject)
    await manager().revokeExternal([issuer, sid])
    equal((await load()).ended, 'revoked')
  },
}

/** What else is sealed for a binding is in `test/binding/golden.test.ts`. */
const boundCase: Case = {
  name: 'golden session: bound to a device, in an app that binds no longer',
  async run({ createSessionManager }) {
    const { keys, name, session, activity, unproved, subject } = bound
    const now = () => Date.parse(bound.now)
    const manager = createSessionManager<AnyData>({
      keys,
      revocationList: 'none',
      cookie: { name },
      isActivity: () => false,
      now,
    })
    for (const [token, seconds] of [
      [activity, 0],
      [unproved, 25],
    ] as const) {
      const found = await manager.load(requestWith(`${name}=${session}; ${name}-activity=${token}`))
      equal([found.subject, found.bound], [subject, undefined])
      equal(found.lastActivityAt, new Date(now() - seconds * 1000))
    }
  },
}

function plain(session: Session<AnyData>) {
  const { sid, subject, remembered, data, createdAt, lastActivityAt, absoluteExpiresAt } = session
  return { sid, subject, remembered, data, createdAt, lastActivityAt, absoluteExpiresAt }
}

export const goldenCases: readonly Case[] = [
  ...sealCases,
  ...signedCases,
  ...sessionCases,
  storedCase,
  versionedCase,
  externalCase,
  boundCase,
]
export const goldenSeals: number =
  golden.seals.length + signed.signed.length + 2 * golden.sessions.length + 5
