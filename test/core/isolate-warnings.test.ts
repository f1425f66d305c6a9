import { beforeEach, describe, expect, it, vi } from 'vitest'

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
const now = () => Date.now()

/** The library as a new isolate has it. */
async function isolate() {
  vi.resetModules()
  const library = await import('../../src/index.ts')
  /** Makes a manager and answers a request, which is when keys are read. */
  const serve = async (options: object = {}) => {
    const manager = library.createSessionManager({
      keys: library.generateKey(),
      revocationList: 'none',
      ...options,
    })
    const session = await manager.load(new Request('https://site.example/'))
    await session.signIn('ada')
    await manager.commit(session, new Response())
  }
  return { ...library, serve }
}

beforeEach(() => warn.mockClear())

describe('a list in memory', () => {
  it('warns once when it is made a second time', async () => {
    const { memoryRevocationList } = await isolate()
    memoryRevocationList()
    expect(warn).not.toHaveBeenCalled()
    for (let time = 0; time < 3; time++) memoryRevocationList()
    expect(warn.mock.calls).toEqual([
      [
        expect.stringMatching(
          /memoryRevocationList\(\) was called a second time.*make the manager/,
        ),
      ],
    ])
  })

  it('does not warn when it has its own clock, as tests give it', async () => {
    const { memoryRevocationList } = await isolate()
    for (let time = 0; time < 3; time++) memoryRevocationList({ now })
    memoryRevocationList()
    expect(warn).not.toHaveBeenCalled()
  })
})

describe('two managers with one cookie name', () => {
  it('warn once when they have no key in common, without printing a key', async () => {
    const { generateKey, serve } = await isolate()
    const keys = Array.from({ length: 3 }, generateKey)
    for (const key of keys) await serve({ keys: key })
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/two managers use the cookie "__Host-Http-session"/)],
    ])
    for (const key of keys) expect(String(warn.mock.calls)).not.toContain(key)
  })

  it('warn also when their keys come from functions', async () => {
    const { generateKey, serve } = await isolate()
    const [first, second] = [generateKey(), generateKey()]
    await serve({ keys: async () => first })
    await serve({ keys: async () => second })
    expect(warn).toHaveBeenCalledTimes(1)
  })

  it('do not warn with a key in common, with different names, or with a clock', async () => {
    const { generateKey, serve } = await isolate()
    const [older, newer] = [generateKey(), generateKey()]
    await serve({ keys: [older] })
    await serve({ keys: [newer, older] })
    await serve({ keys: generateKey(), cookie: { name: 'admin' } })
    await serve({ keys: generateKey(), now })
    expect(warn).not.toHaveBeenCalled()
  })

  it('one manager whose function returns new keys does not warn', async () => {
    const { createSessionManager, generateKey } = await isolate()
    vi.useFakeTimers({ toFake: ['Date'] })
    const manager = createSessionManager({ keys: () => generateKey(), revocationList: 'none' })
    for (let time = 0; time < 2; time++) {
      const session = await manager.load(new Request('https://site.example/'))
      await session.signIn('ada')
      await manager.commit(session, new Response())
      vi.advanceTimersByTime(120_000)
    }
    vi.useRealTimers()
    expect(warn).not.toHaveBeenCalled()
  })
})
