import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { kvRevocationList } from '../../src/cloudflare.ts'
import { holdsToTheContract } from '../contracts/revocation-list.ts'

const { REVOCATIONS } = env as unknown as { REVOCATIONS: KVNamespace }

async function empty(): Promise<void> {
  const { keys } = await REVOCATIONS.list()
  await Promise.all(keys.map(({ name }) => REVOCATIONS.delete(name)))
}

const readAll = () => kvRevocationList(REVOCATIONS).read([{ scope: 'all' }])

describe('the list on KV', () => {
  holdsToTheContract(async () => {
    await empty()
    return kvRevocationList(REVOCATIONS)
  })

  describe('with hashed subjects', () => {
    holdsToTheContract(async () => {
      await empty()
      return kvRevocationList(REVOCATIONS, { hashSubjects: true })
    })
  })

  it('writes keys that an operator can read, and hashes subjects that do not fit', async () => {
    await empty()
    const list = kvRevocationList(REVOCATIONS)
    const sid = 'A'.repeat(22)
    await list.write({ scope: 'session', sid }, 1, 60)
    await list.write({ scope: 'subject', subject: 'ada' }, 2, 60)
    await list.write({ scope: 'others', subject: 'ada' }, 3, 60)
    await list.write({ scope: 'all' }, 4, 60)
    await list.write({ scope: 'subject', subject: 'a'.repeat(401) }, 5, 60)
    await kvRevocationList(REVOCATIONS, { hashSubjects: true }).write(
      { scope: 'others', subject: 'ada' },
      6,
      60,
    )
    const { keys } = await REVOCATIONS.list()
    const entries = await REVOCATIONS.get(keys.map(({ name }) => name))
    expect(Object.fromEntries(entries)).toEqual({
      'revoked/all': '4',
      // printf %s ada | sha256sum
      'revoked/others-sha256/fdee430d40bd57deeac186cd9790033d0f06f909a8806e7ce6e717ab7c7d5029': '6',
      'revoked/others/ada': '3',
      [`revoked/session/${sid}`]: '1',
      'revoked/subject-sha256/15284784611353b6efe63673dceed62633e84e51cfcd65b0c0bcff9794d9c09f':
        '5',
      'revoked/subject/ada': '2',
    })
  })

  it.each([
    ['ada', true],
    ['a'.repeat(490), false],
    ['ü'.repeat(240), true],
  ])(
    'finds the plain key of %j that an operator wrote (hashSubjects: %s)',
    async (subject, hash) => {
      await empty()
      await REVOCATIONS.put(`revoked/subject/${subject}`, '1767225600123')
      const list = kvRevocationList(REVOCATIONS, { hashSubjects: hash })
      expect(await list.read([{ scope: 'subject', subject }])).toEqual([1767225600123])
      await list.write({ scope: 'subject', subject }, 1767225600124, 60)
      expect(await list.read([{ scope: 'subject', subject }])).toEqual([1767225600124])
    },
  )

  it.each([
    ['1767225600123', 1767225600123],
    ['1767225600', 1767225600000],
    ['1767225600.5', 1767225600500],
    ['2026-01-01T00:00:00.123Z', 1767225600123],
    ['2026-01-01', 1767225600000],
    ['"2026-01-01T00:00:00Z"', 1767225600000],
    [' 1767225600123\n', 1767225600123],
    ['', Infinity],
    ['yesterday', Infinity],
    ['{"mark":1}', Infinity],
    ['-5', Infinity],
    ['2026-13-45', Infinity],
  ])('reads the mark %j as %d', async (value, mark) => {
    await REVOCATIONS.put('revoked/all', value)
    expect(await readAll()).toEqual([mark])
  })

  it("keeps an entry as long as asked, and at least KV's minimum", async () => {
    await empty()
    const list = kvRevocationList(REVOCATIONS)
    await list.write({ scope: 'all' }, 1, 3_600)
    await list.write({ scope: 'session', sid: 'B'.repeat(22) }, 1, 1)
    const { keys } = await REVOCATIONS.list()
    const lives = keys.map(({ expiration = 0 }) =>
      Math.round((expiration - Date.now() / 1000) / 60),
    )
    expect(lives).toEqual([60, 1])
  })

  it('says that the binding is missing', () => {
    expect(() => kvRevocationList(undefined as never)).toThrow(
      'kvRevocationList() takes a KV namespace; does wrangler.toml have a binding of the same name?',
    )
    expect(() => kvRevocationList(REVOCATIONS, { hash: true } as never)).toThrow(/no option "hash"/)
  })
})
