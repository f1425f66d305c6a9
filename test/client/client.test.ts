import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import {
  clockDifference,
  type Deadlines,
  endOf,
  retryDelay,
  touchFrom,
} from '../../src/client/deadlines.ts'
import { inWords, isSpokenBetween } from '../../src/client/dialog-texts.ts'

// How it behaves in a browser is in test/browser.

const deadlines = (idleAt: number, absoluteAt: number): Deadlines => ({
  idleAt,
  absoluteAt,
  saidAt: 0,
  ahead: 0,
})

describe('the end of a session', () => {
  it.each([
    [999, 'idle', 999],
    [1000, 'absolute', 1000],
    [1001, 'absolute', 1000],
  ])('is the limit that comes first: idle at %i', (idleAt, limit, at) => {
    expect(endOf(deadlines(idleAt, 1000))).toEqual({ limit, at })
  })
})

describe('a touch', () => {
  it('is worth its request once per interval', () => {
    expect(touchFrom(deadlines(1_800_000, 9e9), 60_000, 60_000)).toBe(60_000)
  })

  it('comes early enough that a short idle timeout never warns somebody who types', () => {
    expect(touchFrom(deadlines(45_000, 9e9), 60_000, 20_000)).toBe(12_500)
  })
})

describe('the clocks', () => {
  it('differ by what the answer says, counted from the middle of the round trip', () => {
    expect(clockDifference(10_000, 4_000, 6_000)).toBe(5_000)
  })
})

describe('a retry', () => {
  it.each([
    [1, 2_000],
    [3, 8_000],
    [30, 60_000],
  ])('after %i failures comes within %i ms, and not before half of it', (failures, most) => {
    for (let i = 0; i < 100; i++) {
      const delay = retryDelay(failures)
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
    [121, 'en', '3 minutes'],
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

describe('sealed-session/client', () => {
  it('takes at most 3 kB of a page, gzipped', async () => {
    const { outputFiles } = await build({
      entryPoints: ['src/client.ts'],
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      write: false,
    })
    const { length } = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 })
    expect(length).toBeGreaterThan(1000)
    expect(length).toBeLessThanOrEqual(3000)
  })
})
