import type { Group } from './mutant.ts'

/** The kit for tests. A fault in it hides faults elsewhere. */
export const testing: readonly Group[] = [
  {
    file: 'src/testing/session-cookie.ts',
    tests: ['test/testing/session-cookie.test.ts'],
    mutants: [
      {
        name: 'a session that idles was active just now',
        find: 'Math.min(now - idleFor * 1000, limit - 1)',
        replace: 'Math.min(now, limit - 1)',
      },
      {
        name: 'a session past its limit was active after it',
        find: 'Math.min(now - idleFor * 1000, limit - 1)',
        replace: 'now - idleFor * 1000 * (limit > 0 ? 1 : 0) + (idleFor > 0 ? 0 : 1e9)',
      },
      {
        name: 'a session began now, whatever its age',
        find: 'const began = now - age * 1000',
        replace: 'const began = now - 0 * age',
      },
      {
        name: 'a revoked session is not recorded',
        find: 'if (state.revoked) await revoke(options, family)',
        replace: 'if (state.revoked) void revoke',
      },
      {
        name: 'a revoked session was checked just now',
        find: 'const check = state.revoked ? undefined : began',
        replace: 'const check = active',
      },
      {
        name: 'a session records no check',
        find: 'const check = state.revoked ? undefined : began',
        replace: 'const check = undefined',
      },
      {
        name: 'nothing is tampered',
        find: 'state.tampered ? withOtherCharacter(token) : token',
        replace: 'state.tampered ? withOtherCharacter(token) && token : token',
      },
      {
        name: 'events of making a cookie reach the app',
        find: 'const { sessionIndex, binding, onEvent, ...rest } = options',
        replace: 'const { sessionIndex, binding, ...rest } = options',
      },
    ],
  },
  {
    file: 'src/testing/cookie-jar.ts',
    tests: ['test/testing/cookie-jar.test.ts'],
    mutants: [
      {
        name: 'cookies go to hosts that only end alike',
        find: 'hostname.endsWith(`.${domain}`)',
        replace: 'hostname.endsWith(domain)',
      },
      {
        name: 'a host may set cookies of another domain',
        find: 'if (domain !== undefined && !isHostWithin(hostname, domain)) return',
        replace: '',
      },
      {
        name: 'cookies of a host go to the hosts below',
        find: 'isHostOnly ? hostname === domain : isHostWithin(hostname, domain)',
        replace: 'isHostOnly ? isHostWithin(hostname, domain) : isHostWithin(hostname, domain)',
      },
      {
        name: 'Lax is sent with requests of other sites',
        find: "return sameSite === 'lax' && crossSite.from === 'link'",
        replace: "return sameSite === 'lax'",
      },
      {
        name: '__Host- takes a path',
        find: "(attributes.get('path') !== '/' || domain !== undefined)",
        replace: 'domain !== undefined',
      },
      {
        name: 'Expires counts before Max-Age',
        find: 'if (maxAge !== undefined && /^-?\\d+$/.test(maxAge)) {',
        replace: "if (maxAge !== undefined && !attributes.has('expires')) {",
      },
      {
        name: 'cookies live for ever',
        find: 'return Math.min(now + Number(maxAge) * 1000, latest)',
        replace: 'return now + Number(maxAge) * 1000',
      },
      {
        name: 'one byte too many is kept',
        find: 'name.length + value.length > 4096',
        replace: 'name.length + value.length > 4097',
      },
    ],
  },
  {
    file: 'src/testing/revocation-list.ts',
    tests: ['test/testing/revocation-list.test.ts'],
    mutants: [
      {
        name: 'answers are never stale',
        find: 'const instant = this.#now() - this.staleness * 1000',
        replace: 'const instant = this.#now()',
      },
      {
        name: 'a late write is done at once',
        find: 'await this.#sleep(trouble.late * 1000)',
        replace: 'void this.#sleep(trouble.late * 1000)',
      },
      {
        name: 'a call that hangs returns',
        find: "if (trouble === 'hangs') return new Promise(() => {})",
        replace: "if (trouble === 'hangs') return",
      },
      {
        name: 'marks are kept for ever',
        find: 'row !== undefined && row.until > instant',
        replace: 'row !== undefined',
      },
    ],
  },
]
