import type { Group } from './mutant.ts'

const SEAL = 'test/core/seal.test.ts'
const KEYS_AND_SIDS = 'test/core/keys-and-sids.test.ts'
const ROTATION = 'test/core/rotation.test.ts'
const FORGED_SEALS = 'test/hostile/forged-seals.test.ts'
const JOSE = 'test/hostile/jose.test.ts'
const FORGED_COOKIES = 'test/hostile/forged-cookies.test.ts'
const SESSION = 'test/core/session.test.ts'
const SIGN = 'test/core/sign.test.ts'
const TIMEOUTS = 'test/core/timeouts.test.ts'

/** Lets one member of a protected header be anything, or the header begin with something else. */
const headerLike = (pattern: string) => `const start = this.#start
    const like = new RegExp(${pattern})
    if (!like.test(text)) return undefined
    const [, id, digits] = KID.exec(text.replace(like, '')) ?? []`

const READ_HEADER = `const start = this.#start
    if (!text.startsWith(start)) return undefined
    const [, id, digits] = KID.exec(text.slice(start.length)) ?? []`

export const seal: readonly Group[] = [
  {
    file: 'src/seal/purpose.ts',
    tests: [SEAL, SIGN],
    mutants: [
      {
        name: 'a seal opens in the millisecond of its expiry',
        find: 'now >= Math.round(exp * 1000)',
        replace: 'now > Math.round(exp * 1000)',
        ci: true,
      },
      {
        name: 'a seal never expires',
        find: "if (now >= Math.round(exp * 1000)) throw refusal('expired', kind)",
        replace: '',
      },
      {
        name: 'a seal may have a ttl of ten times the longest life',
        find: "wholeSeconds('ttl', options.ttl, 1)",
        replace: "wholeSeconds('ttl', options.ttl, 1, 10 * LONGEST_LIFE)",
      },
      {
        name: 'a ttl of zero is accepted',
        find: "wholeSeconds('ttl', options.ttl, 1)",
        replace: "wholeSeconds('ttl', options.ttl, 0)",
      },
      {
        name: 'an expiry that is missing is no fault',
        find: "typeof exp !== 'number' || v",
        replace: 'v',
      },
      {
        name: 'a payload without a value opens',
        find: ' || v === undefined) throw',
        replace: ') throw',
      },
      {
        name: 'a purpose of any characters is accepted',
        find: '!/^[a-z0-9-]{1,64}$/.test(purpose)',
        replace: 'purpose.length === 0',
      },
      {
        name: 'the tokens of all purposes share a key',
        find: 'use: { ...use, name: purpose }',
        replace: "use: { ...use, name: 'x' }",
        ci: true,
      },
      {
        name: 'a misspelt option of a seal is a default unawares',
        find: "onlyMembers(`the options of a ${noun}`, options, ['keys', 'purpose', 'ttl', 'now'])",
        replace: '',
      },
    ],
  },
  {
    file: 'src/seal/seal.ts',
    tests: [SEAL, FORGED_SEALS, FORGED_COOKIES],
    mutants: [
      {
        name: 'the tag does not cover the header',
        find: '  additionalData: toUtf8(header),\n',
        replace: '',
        tests: [JOSE],
        ci: true,
      },
      {
        name: 'the tag is cut',
        find: 'const sealed = joined(decodeBase64url(ciphertext), decodeBase64url(tag))',
        replace: 'const sealed = decodeBase64url(ciphertext)',
      },
      {
        name: 'every seal has the same IV',
        find: 'const iv = randomBytes(IV_BYTES)',
        replace: 'const iv = new Uint8Array(IV_BYTES)',
        ci: true,
      },
      {
        name: 'an encrypted key may be there',
        find: '/^\\.\\.[\\w-]{16}\\.',
        replace: '/^\\.[\\w-]*\\.[\\w-]{16}\\.',
      },
      {
        name: 'a token may have more than five parts',
        find: '\\.[\\w-]{22}$/,',
        replace: '\\.[\\w-]{22}(\\.[\\w-]*)*$/,',
      },
      {
        name: 'an IV may have another length',
        find: '/^\\.\\.[\\w-]{16}\\.',
        replace: '/^\\.\\.[\\w-]+\\.',
      },
      {
        name: 'a tag may be truncated',
        find: '\\.[\\w-]{22}$/,',
        replace: '\\.[\\w-]+$/,',
        ci: true,
      },
      {
        name: 'the last key of the ring seals',
        find: '  [root]: KeyRing,\n  now: number,\n): Promise<SealedBy & { readonly token: string }> {\n',
        replace:
          '  ring: KeyRing,\n  now: number,\n): Promise<SealedBy & { readonly token: string }> {\n  const root = ring.at(-1) ?? ring[0]\n',
        tests: [SEAL, ROTATION],
        ci: true,
      },
      {
        name: 'the key of another hour is tried',
        find: 'root.for(use).at(hour, hours.oldest)',
        replace: 'root.for(use).at(hours.newest - 1, hours.oldest)',
        tests: [SEAL, KEYS_AND_SIDS, TIMEOUTS],
      },
    ],
  },
  {
    file: 'src/seal/token-form.ts',
    tests: [SEAL, KEYS_AND_SIDS, FORGED_SEALS, FORGED_COOKIES, SIGN],
    mutants: [
      {
        name: 'the header names the key of another app',
        find: 'this.#latest?.root !== by.root || this.#latest.hour !== by.hour',
        replace: 'this.#latest?.hour !== by.hour',
      },
      {
        name: 'the header names the hour before',
        find: 'this.#latest?.root !== by.root || this.#latest.hour !== by.hour',
        replace: 'this.#latest?.root !== by.root',
      },
      {
        name: 'the header accepts another algorithm',
        find: READ_HEADER,
        replace: headerLike(
          String.raw`start.replace('{', '^\\{').replace(/"alg":"\w+"/, '"alg":"[^"]*"')`,
        ),
        ci: true,
      },
      {
        name: 'the header accepts another encryption',
        find: READ_HEADER,
        replace: headerLike(
          String.raw`start.replace('{', '^\\{').replace(/"enc":"\w+"/, '"enc":"[^"]*"')`,
        ),
      },
      {
        name: 'the header accepts another wire version',
        find: READ_HEADER,
        replace: headerLike(
          String.raw`start.replace('{', '^\\{').replace(/"typ":"[\w-]+"/, '"typ":"[^"]*"')`,
        ),
      },
      {
        name: 'the header may begin with something else',
        find: READ_HEADER,
        replace: headerLike(String.raw`start.replace('{', '^.*\\{')`),
      },
      {
        name: 'the header may go on after the key id',
        find: '\\.([1-9]\\d{4,6})"\\}$/',
        replace: '\\.([1-9]\\d{4,6})"/',
      },
      {
        name: 'an hour may begin with zeros',
        find: '([1-9]\\d{4,6})',
        replace: '(\\d{4,7})',
      },
      {
        name: 'the header need not be canonical base64url',
        find: ' || !/^[\\w-]+$/.test(header) || !isCanonical(header)) return',
        replace: ' || !/^[\\w-]+$/.test(header)) return',
        ci: true,
      },
      {
        name: 'the header may hold anything that atob reads',
        find: ' || !/^[\\w-]+$/.test(header) || !isCanonical(header)) return',
        replace: ' || !isCanonical(header)) return',
      },
      // Not here: without LONGEST_HEADER. A longer header is malformed anyway, only later.
      {
        name: 'the parts need not be canonical base64url',
        find: "rest.split('.').every(isCanonical)",
        replace: "rest.split('.').slice(0, -1).every(isCanonical)",
      },
      {
        name: 'the form is never looked at',
        find: "if (!this.#rest.test(rest) || !rest.split('.').every(isCanonical)) return 'malformed'",
        replace: '',
      },
      {
        name: 'a seal from any future hour opens',
        find: "if (hour > hours.newest) return 'invalid'",
        replace: '',
        ci: true,
      },
      {
        name: 'a seal from the next hour is refused',
        find: 'newest: hourOf(now) + 1',
        replace: 'newest: hourOf(now)',
      },
      {
        name: 'a seal from two hours ahead opens',
        find: 'newest: hourOf(now) + 1',
        replace: 'newest: hourOf(now) + 2',
      },
      {
        name: 'an hour before the longest life ago is derived for',
        find: "if (hour < hours.oldest) return 'expired'",
        replace: '',
      },
      {
        name: 'the oldest hour is an hour too young',
        find: 'oldest: hourOf(now - life)',
        replace: 'oldest: hourOf(now - life) + 1',
        tests: [SEAL, KEYS_AND_SIDS, TIMEOUTS],
      },
      {
        name: 'any key of the ring is taken for the key id',
        find: 'ring.find((one) => one.id === id)',
        replace: 'ring[0]',
        tests: [SEAL, ROTATION],
      },
      {
        name: 'what is no text is read',
        find: "if (typeof token !== 'string') return 'malformed'",
        replace: '',
      },
    ],
  },
  {
    file: 'src/seal/key-ring.ts',
    tests: [SEAL, KEYS_AND_SIDS, ROTATION, FORGED_SEALS, FORGED_COOKIES, SESSION, TIMEOUTS],
    mutants: [
      {
        name: 'the hour does not change the key',
        find: '\\0${kind}\\0${name}\\0${hour}`),',
        replace: '\\0${kind}\\0${name}`),',
        ci: true,
      },
      {
        name: 'cookies and seals share keys',
        find: '\\0${kind}\\0${name}\\0${hour}`),',
        replace: '\\0${name}\\0${hour}`),',
      },
      {
        name: 'cookies of all names share keys',
        find: '\\0${kind}\\0${name}\\0${hour}`),',
        replace: '\\0${kind}\\0${hour}`),',
      },
      {
        name: 'name and hour run together',
        find: '\\0${kind}\\0${name}\\0${hour}`),',
        replace: '\\0${kind}\\0${name}${hour}`),',
      },
      {
        name: 'derived keys can be taken out',
        find: '      false,\n      usages,',
        replace: '      true,\n      usages,',
      },
      {
        name: 'a key given by the app can be taken out',
        find: "'HKDF', false, [",
        replace: "'HKDF', true, [",
      },
      {
        name: 'sealing keys have 128 bits',
        find: "{ name: 'AES-GCM', length: 256 }",
        replace: "{ name: 'AES-GCM', length: 128 }",
      },
      {
        name: 'the key of an hour that is needed is dropped',
        find: 'if (old < oldestHour) this',
        replace: 'if (old <= oldestHour) this',
      },
      {
        name: 'keys of hours gone by stay for ever',
        find: 'for (const old of this.#byHour.keys()) if (old < oldestHour) this.#byHour.delete(old)',
        replace: '',
      },
      {
        name: 'the uses of a key share their sub-keys',
        find: 'const name = `${use.kind}\\0${use.name}`',
        replace: 'const name = use.name',
      },
      {
        name: 'a sid has 64 bits',
        find: 'encodeBase64url(randomBytes(16))',
        replace: "`${encodeBase64url(randomBytes(8))}${'A'.repeat(11)}`",
        ci: true,
      },
      {
        name: 'a generated key has 128 bits',
        find: 'encodeBase64url(randomBytes(32))',
        replace: "`${encodeBase64url(randomBytes(16))}${'A'.repeat(21)}`",
        ci: true,
      },
      {
        name: 'a key id has 24 bits',
        find: 'material, 48)',
        replace: 'material, 24)',
      },
      {
        name: 'a key may be shorter',
        find: '/^[\\w-]{42}[AEIMQUYcgkosw048]$/',
        replace: '/^[\\w-]{1,42}[AEIMQUYcgkosw048]$/',
        ci: true,
      },
      {
        name: 'a key need not be canonical',
        find: '/^[\\w-]{42}[AEIMQUYcgkosw048]$/',
        replace: '/^[\\w-]{43}$/',
      },
      {
        name: 'no key at all is accepted',
        find: 'if (texts.length === 0) throw',
        replace: 'if (texts.length < 0) throw',
      },
      {
        name: 'what the keys function gave is trusted for an hour',
        find: 'const KEYS_TRUSTED = 60_000',
        replace: 'const KEYS_TRUSTED = 3_600_000',
      },
      {
        name: 'the keys function may take for ever',
        find: 'withTimeout((async () => keys())(), KEYS_TIMEOUT)',
        replace: '(async () => keys())()',
        tests: ['test/outages/outages.test.ts'],
      },
      {
        name: 'keys of all uses are made for one algorithm',
        find: 'const { kind, name, algorithm: [derived, usages] = AES_GCM } = this.#use',
        replace: 'const { kind, name } = this.#use\n    const [derived, usages] = AES_GCM',
        tests: [SIGN],
      },
      {
        name: 'the tag of a subject is its pseudonym in events',
        find: 'derivedText(`subject\\0${subject}`',
        replace: 'derivedText(`event\\0${subject}`',
        tests: [KEYS_AND_SIDS, 'test/core/same-subject.test.ts', 'test/core/events.test.ts'],
      },
    ],
  },
]
