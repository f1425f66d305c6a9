import { describe, expect, it } from 'vitest'
import {
  type Deadlines,
  endOf,
  retryDelay,
  supersedes,
  touchFrom,
} from '../../src/client/deadlines.ts'
import { inWords, isSpokenBetween } from '../../src/client/dialog-texts.ts'

// How it behaves in a browser is in test/browser.

const said = (facts: Partial<Deadlines> = {}): Deadlines => ({
  ...{ idleAt: 1_800_000, endAt: 1_800_000, limit: 'idle', idleTimeout: 1_800_000, tags: [] },
  ...{ startedAt: 0, askedAt: 0, saidAt: 0 },
  ...facts,
})

describe('the end of a session', () => {
  it.each([
    [999, 'idle', 999],
    [1000, 'absolute', 1000],
    [1001, 'absolute', 1000],
  ])('is the limit that comes first: idle at %i', (idleAt, limit, endAt) => {
    expect(endOf(idleAt, 1000)).toEqual({ limit, endAt })
  })
})

describe('an answer', () => {
  const known = said({ askedAt: 900, saidAt: 1000, startedAt: 500, idleAt: 2000 })

  it('that was asked for later counts, whatever it says', () => {
    const earlier = { idleAt: 1500, startedAt: 400 }
    expect(supersedes(said({ askedAt: 1000, ...earlier }), known)).toBe(true)
    expect(supersedes(said({ askedAt: 999, ...earlier }), known)).toBe(false)
  })

  it.each([
    ['a newer session, though it ends earlier', { startedAt: 501, idleAt: 1500 }, true],
    ['an older session, though it ends later', { startedAt: 499, idleAt: 2500 }, false],
    ['a later deadline of the same session', { startedAt: 500, idleAt: 2001 }, true],
    ['the same deadline of the same session', { startedAt: 500, idleAt: 2000 }, false],
  ])('that overlapped with the known one: %s', (_, facts, counts) => {
    expect(supersedes(said({ askedAt: 999, ...facts }), known)).toBe(counts)
  })
})

describe('a touch', () => {
  it('is worth its request once per interval', () => {
    expect(touchFrom(said(), 60_000, 60_000)).toBe(60_000)
  })

  it('comes early enough that a short idle timeout never warns somebody who types', () => {
    expect(touchFrom(said({ idleAt: 45_000 }), 60_000, 20_000)).toBe(12_500)
  })
})

describe('a retry', () => {
  it.each([
    [1, 2_000],
    [3, 8_000],
    [30, 60_000],
  ])('after %i failures comes within %i ms, and not before half of it', (failures, most) => {
    for (let i = 0; i < 100; i++) {
      const delay = retryDelay(failures, 60_000)
      expect(delay).toBeLessThanOrEqual(most)
      expect(delay).toBeGreaterThanOrEqual(most / 2)
    }
  })
})

describe('the dialog', () => {
  it.each([
    [31, 30, true],
    [30, 29, false],
    [61, 5, true],
    [9, 0, false],
  ])('speaks between %i and %i seconds left: %s', (before, now, expected) => {
    expect(isSpokenBetween(before, now)).toBe(expected)
  })

  it.each([
    [1, 'en', '1 second'],
    [119, 'en', '119 seconds'],
    [120, 'en', '2 minutes'],
    [150, 'en', '2 minutes'],
    [179, 'en', '2 minutes'],
    [180, 'en', '3 minutes'],
    [45, 'de', '45 Sekunden'],
    [45, '', '45 seconds'],
    [45, 'no such language', '45 seconds'],
  ])('says %i seconds in "%s" as "%s"', (seconds, language, words) => {
    expect(inWords(seconds, language)).toBe(words)
  })

  it('can be imported where there are no elements', async () => {
    await expect(import('../../src/client-element.ts')).resolves.toBeDefined()
  })
})
