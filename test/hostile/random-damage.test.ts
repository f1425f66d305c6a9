/** Random damage to good seals and to the header they come in. */

import fc from 'fast-check'
import { beforeAll, describe, it } from 'vitest'
import { generateKey, seal } from '../../src/index.ts'
import { ACTIVITY, SESSION, setUp, Visitor } from '../kit/visitor.ts'
import { look, type Outcome, requestReading, requestWith, Tally, tryToUnseal } from './attack.ts'
import { ANY } from './forgeries.ts'
import { mutate, type Step, steps } from './mutations.ts'
import { atRandom, held, MINUTE, outcomeOf, strangerTo } from './site.ts'
import { hourOf, keyId } from './wire.ts'
import './setup.ts'

/** How many random inputs to try. */
const RANDOM_INPUTS = Number(process.env.HOSTILE_INPUTS ?? (process.env.CI ? 200_000 : 20_000))
export const SEED = Number(process.env.HOSTILE_SEED ?? crypto.getRandomValues(new Int32Array(1))[0])

describe('random damage', () => {
  const share = (part: number) => Math.round(RANDOM_INPUTS * part)
  const right = ['malformed', 'unknown-key', 'invalid', 'absolute']
  const keys = generateKey()
  let id: string
  beforeAll(async () => {
    id = await keyId(keys)
  })

  /** Runs a property. A failure says the seed, and the smallest damage that shows it. */
  async function holds<T>(
    input: fc.Arbitrary<T>,
    runs: number,
    attempt: (input: T) => Promise<Outcome | undefined>,
    refusals: readonly string[],
  ): Promise<void> {
    const property = fc.asyncProperty(input, async (input) => {
      const tally = new Tally()
      const outcome = await attempt(input).catch((error: unknown) => error as Error)
      // Damage that adds up to none is no attack.
      fc.pre(outcome !== undefined)
      await tally.try('random damage', refusals, async () => {
        if (outcome instanceof Error || outcome === undefined) throw outcome
        return outcome
      })
      atRandom.inputs++
      atRandom.accepted.push(...tally.accepted)
      atRandom.exceptions.push(...tally.exceptions)
      return tally.accepted.length + tally.exceptions.length + tally.wrong.length === 0
    })
    await fc.assert(property, { numRuns: runs, seed: SEED })
  }

  /** Good tokens of every kind, all under one key. */
  async function tokens() {
    const { clock, manager, visitor } = setUp({ keys })
    const bob = new Visitor(manager, clock)
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(20 * MINUTE)
    await visitor.visit()
    await bob.visit(async (session) => {
      session.data.note = 'n'.repeat(1_500)
      await session.signIn('bob', { remember: true })
    })
    const sealed = await seal('x', { keys, purpose: 'sign-in-link', ttl: 3_600, now: clock })
    const [ada, other] = [held(visitor), held(bob)]
    const all = [ada.session, other.session, ada.activity, other.activity, sealed]
    return { clock, manager, ada, bob: other, sealed, all, hour: hourOf(clock()) }
  }

  const pick = fc.nat({ max: 4 })

  it('opens no session cookie', async () => {
    const { manager, ada, all, hour } = await tokens()
    const stranger = await strangerTo(manager)
    const damage = fc.record({ pick, steps: steps(all.length, id, hour), last: fc.boolean() })
    const attempt = async (input: { pick: number; steps: Step[]; last: boolean }) => {
      const token = mutate(all[input.pick] ?? '', input.steps, all)
      if (token === all[0] || token === all[1]) return undefined
      const pairs = [`${SESSION}=${token}`, `${ACTIVITY}=${ada.activity}`]
      const header = (input.last ? pairs.reverse() : pairs).join('; ')
      return outcomeOf(await look(manager, requestWith(header)), stranger)
    }
    await holds(damage, share(0.45), attempt, right)
  })

  it('opens no activity cookie', async () => {
    const { manager, clock, ada, all, hour } = await tokens()
    clock.pass(20 * MINUTE)
    const stranger = await strangerTo(manager)
    const damage = fc.record({ pick, steps: steps(all.length, id, hour) })
    const attempt = async (input: { pick: number; steps: Step[] }) => {
      const token = mutate(all[input.pick] ?? '', input.steps, all)
      if (token === ada.activity) return undefined
      const header = `${SESSION}=${ada.session}; ${ACTIVITY}=${token}`
      return outcomeOf(await look(manager, requestWith(header)), stranger)
    }
    await holds(damage, share(0.2), attempt, ['idle'])
  })

  it('opens no seal', async () => {
    const { clock, sealed, all, hour } = await tokens()
    const options = { keys, purpose: 'sign-in-link', now: clock }
    const damage = fc.record({ pick, steps: steps(all.length, id, hour) })
    const attempt = async (input: { pick: number; steps: Step[] }) => {
      const token = mutate(all[input.pick] ?? '', input.steps, all)
      return token === sealed ? undefined : tryToUnseal(token, options)
    }
    await holds(damage, share(0.2), attempt, ANY)
  })

  it('of the Cookie header gives no session but the newest that is there', async () => {
    const { manager, ada, bob, all, hour } = await tokens()
    const subjects = new Map([
      [ada.session, 'ada'],
      [bob.session, 'bob'],
    ])
    const cookie = fc.record({
      before: fc.constantFrom('', '', '', ' ', '\t', 'x', '$', '\u00a0', '\u2000', '\ufeff', '\v'),
      name: fc.constantFrom(SESSION, SESSION, SESSION, ACTIVITY, SESSION.toLowerCase(), 'x', ''),
      equals: fc.constantFrom('=', '=', '=', '=', ' =', '= ', '==', ''),
      value: fc.oneof(fc.constantFrom(...all, '', 'x', `"${ada.session}"`), fc.nat({ max: 2 })),
      after: fc.constantFrom('; ', '; ', ';', ', ', ',', ' ', ';;', '&', '\t'),
    })
    const soup = fc.record({
      cookies: fc.array(cookie, { minLength: 1, maxLength: 8 }),
      damage: fc.array(steps(all.length, id, hour), { minLength: 3, maxLength: 3 }),
    })
    await holds(
      soup,
      share(0.15),
      async ({ cookies, damage }) => {
        const header = cookies
          .map(({ before, name, equals, value, after }) => {
            const token =
              typeof value === 'string' ? value : mutate(all[value] ?? '', damage[value] ?? [], all)
            return `${before}${name}${equals}${token}${after}`
          })
          .join('')
        const { subject } = await manager.load(requestReading(header))
        const sure = valuesIn(header)
        const possible = sure.map((value) => value.replace(/[ \t]*(,.*)?$/s, ''))
        if (subject === undefined) {
          const missed = sure.some((token) => subjects.has(token))
          return { opened: false, refusal: missed ? 'although it is good' : 'invalid' }
        }
        const there = possible.map((token) => subjects.get(token))
        const isNewest = subject === 'bob' || !sure.includes(bob.session)
        if (there.includes(subject) && isNewest) return { opened: false, refusal: 'invalid' }
        return { opened: true }
      },
      right,
    )

    /** The values of our name, by a reading of the header that shares no code with ours. */
    function valuesIn(header: string): string[] {
      return header.split(';').flatMap((pair) => {
        const [, name, value = ''] = /^[ \t]*([^=]*)=(.*)$/s.exec(pair) ?? []
        return name === SESSION ? [value] : []
      })
    }
  })
})
