import type { Group } from './mutant.ts'

const SIGN = 'test/core/sign.test.ts'
const ONCE = 'test/core/once.test.ts'

/** Signed values, and tokens that are used once. Their expiry and purpose are in `seal.ts`. */
export const tokens: readonly Group[] = [
  {
    file: 'src/tokens/sign.ts',
    tests: [SIGN],
    mutants: [
      {
        name: 'the signature of a value is not checked',
        find: 'const { payload } = await compactVerify(token, key, {',
        replace:
          "const payload = new Uint8Array(Buffer.from(token.split('.')[1] ?? '', 'base64url'))\n      void (() => compactVerify)\n      void ({",
      },
      {
        name: 'signed values and seals share keys',
        find: "kind: 'sign',",
        replace: "kind: 'seal',",
      },
      {
        name: 'a signature may be truncated or longer',
        find: '/^\\.[\\w-]+\\.[\\w-]{43}$/',
        replace: '/^\\.[\\w-]+\\.[\\w-]+$/',
      },
      {
        name: 'a signed value may have more than three parts',
        find: '/^\\.[\\w-]+\\.[\\w-]{43}$/',
        replace: '/^\\.[\\w-]+\\.[\\w-]{43}(\\..*)?$/',
      },
      {
        name: 'the payload of a signed value may be empty',
        find: '/^\\.[\\w-]+\\.[\\w-]{43}$/',
        replace: '/^\\.[\\w-]*\\.[\\w-]{43}$/',
      },
      {
        name: 'a signed value has the type of a seal',
        find: "typ: 'signed-v1'",
        replace: "typ: 'sealed-v2'",
      },
      {
        name: 'values are signed under the last key of the ring',
        find: 'async make(json, use, [root], now) {\n',
        replace: 'async make(json, use, ring, now) {\n    const root = ring.at(-1) ?? ring[0]\n',
      },
    ],
  },
  {
    file: 'src/tokens/once.ts',
    tests: [ONCE],
    mutants: [
      {
        name: 'an answer that is neither yes nor no lets a token pass',
        find: 'if (isFirst !== true) throw',
        replace: 'if (isFirst === false) throw',
        ci: true,
      },
      {
        name: 'a token can be used many times',
        find: "if (isFirst !== true) throw new SessionError('used', 'the token has been used before')",
        replace: '',
      },
      {
        name: 'a list that is away lets a token pass',
        find: 'return unavailable(cause)',
        replace: 'return true',
        ci: true,
      },
      {
        name: 'a list with claim that is away lets a token pass',
        find: 'wait).catch(unavailable))',
        replace: 'wait).catch(() => true))',
      },
      {
        name: 'a list that failed burns the token in this isolate',
        find: '    memory.delete(name)\n',
        replace: '',
      },
      {
        name: 'of two uses at once both pass',
        find: '  memory.set(name, true)\n  const target = claimTarget(name)\n  try {\n    const [mark] = await withTimeout(list.read([target]), wait)\n',
        replace:
          '  const target = claimTarget(name)\n  try {\n    const [mark] = await withTimeout(list.read([target]), wait)\n    memory.set(name, true)\n',
      },
      {
        name: 'this isolate does not remember what was used',
        find: 'if (memory.has(name)) return false',
        replace: '',
      },
      {
        name: 'a use that the list shows does not count',
        find: 'if (mark !== undefined) return false',
        replace: '',
      },
      {
        name: 'a use is forgotten a minute before other clocks end the token',
        find: "wholeSeconds('ttl', ttl, 1) * 1000 + CLOCK_TOLERANCE",
        replace: "wholeSeconds('ttl', ttl, 1) * 1000",
      },
      {
        name: 'without a ttl a use is forgotten after a day',
        find: 'ttl = LONGEST_LIFE',
        replace: 'ttl = 86_400',
      },
      {
        name: 'a use is recorded under the beginning of the token',
        find: 'const name = await digestOf(token)',
        replace: 'const name = token.slice(0, 43)',
      },
      {
        name: 'what is no text is used',
        find: "if (typeof token !== 'string') throw new SessionError('malformed', 'a token must be a string')",
        replace: '',
      },
    ],
  },
]
