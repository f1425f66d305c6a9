/** A list costs the same however many sessions other subjects have. */

import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { kvSessionIndexStore } from '../../src/cloudflare/kv-session-index.ts'
import { kvRevocationList, kvSessionIndex } from '../../src/cloudflare.ts'
import { createSessionManager, generateKey } from '../../src/index.ts'

const { REVOCATIONS } = env as unknown as { REVOCATIONS: KVNamespace }
const SUBJECTS = 1_000
const SESSIONS_OF_EACH = 10
// printf %s ada | sha256sum
const ADA = 'fdee430d40bd57deeac186cd9790033d0f06f909a8806e7ce6e717ab7c7d5029'

/** The namespace, with the names of the operations that are used of it. */
function counted() {
  const operations: string[] = []
  const namespace = new Proxy(REVOCATIONS, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        operations.push(String(name))
        return member.apply(target, args)
      }
    },
  })
  return { namespace, operations }
}

it('two KV operations list the sessions of one of 1,000 subjects with 10,000 sessions', {
  timeout: 300_000,
}, async () => {
  const { namespace, operations } = counted()
  const store = kvSessionIndexStore(REVOCATIONS)
  const now = Date.now()
  const record = { began: now, seen: now, until: now + 3_600_000 }
  for (let subject = 0; subject < SUBJECTS; subject++) {
    const hash = subject === 500 ? ADA : subject.toString(16).padStart(64, '0')
    const families = Array.from({ length: SESSIONS_OF_EACH }, (_, index) =>
      String(subject * SESSIONS_OF_EACH + index).padStart(22, 'x'),
    )
    await Promise.all(families.map((family) => store.write(hash, family, record, 3_600)))
  }
  const manager = createSessionManager({
    keys: generateKey(),
    revocationList: kvRevocationList(namespace),
    sessionIndex: kvSessionIndex(namespace),
  })
  expect(await manager.listSessions('ada')).toHaveLength(SESSIONS_OF_EACH)
  expect(operations).toEqual(['list', 'get'])
})
