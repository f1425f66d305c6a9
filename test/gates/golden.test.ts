/**
 * Every claim that is ever sealed is in a golden token: a claim without one could get another meaning, and only the
 * users of everybody who upgrades would notice. Also that each file of golden tokens is one that the suite opens.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keyRing, type Use } from '../../src/seal/key-ring.ts'
import { open, SEALED } from '../../src/seal/seal.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const files = readdirSync(join(ROOT, 'test/vectors'))

/** The members that the codecs of the cookies read. */
function claimsInCode(): string[] {
  const found = [
    ...read('src/session/claims.ts').matchAll(/const \{(.*)\} = (?:members|parseObject\(json\))/g),
  ]
  const [session = '', rest = '', activity = ''] = found.map(([, names]) => names)
  expect(found, 'this test does not know how claims.ts reads claims any more').toHaveLength(3)
  const names = [session, rest, activity].flatMap((text) => text.match(/(?<=^|,)\s*\w+/g) ?? [])
  return [...new Set(names.map((name) => name.trim()))].sort()
}

/** The members of all golden cookies. */
async function claimsInVectors(): Promise<string[]> {
  const claims = new Set<string>()
  for (const file of files) {
    const text = read(`test/vectors/${file}`)
    const { keys, name } = JSON.parse(text)
    const ring = await keyRing(keys, Date.now)()
    const uses = [name, `${name}-activity`, `${name}-flash`].map(
      (cookie): Use => ({ kind: 'cookie', name: cookie }),
    )
    for (const [token] of text.matchAll(/eyJ[\w.-]+/g)) {
      for (const use of uses) {
        const candidate = SEALED.identify(token, use, ring, { oldest: 0, newest: 1e9 })
        const json = typeof candidate === 'string' ? undefined : await open(candidate)
        for (const claim of Object.keys(JSON.parse(json ?? '{}'))) claims.add(claim)
      }
    }
  }
  return [...claims].sort()
}

it('every claim of the cookies is in a golden token', async () => {
  const claims = claimsInCode()
  expect(claims).toEqual(expect.arrayContaining(['act', 'chk', 'd', 'ext', 'sid', 'sub']))
  expect(await claimsInVectors()).toEqual(claims)
})

it('every file of golden tokens is opened by the suite of all runtimes', () => {
  const suite = read('test/conformance/golden-cases.ts')
  expect(files.length).toBeGreaterThan(3)
  expect(files.filter((file) => !suite.includes(`'../vectors/${file}'`))).toEqual([])
})
