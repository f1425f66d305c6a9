import type { Group } from './mutant.ts'

const BOUND = 'test/binding/bound.test.ts'
const ATTACKS = 'test/binding/attacks.test.ts'
const POLICY = 'test/binding/policy.test.ts'
const HONO = 'test/binding/hono.test.ts'

/** Sessions bound to devices. */
export const binding: readonly Group[] = [
  {
    file: 'src/binding/proof.ts',
    tests: [ATTACKS],
    mutants: [
      {
        name: 'a proof by the key that it brings along counts for another',
        find: 'used = key ?? publicKeyOf(header)',
        replace: 'used = header.jwk ? publicKeyOf(header) : key ?? publicKeyOf(header)',
        ci: true,
      },
      {
        name: 'a token of another type is a proof',
        find: "protectedHeader.typ === 'dbsc+jwt' && ",
        replace: '',
      },
      {
        name: 'a coordinate may be spelt in several ways',
        find: ' && encodeBase64url(decodeBase64url(text)) === text',
        replace: '',
      },
    ],
  },
  {
    file: 'src/binding/exchange.ts',
    tests: [ATTACKS, BOUND],
    mutants: [
      {
        name: 'a challenge of another session counts',
        find: 'challenge.family === family && ',
        replace: '',
        ci: true,
      },
      {
        name: 'a proof can be replayed for ever',
        find: '&& this.#isRecent(challenge, TO_PROVE)',
        replace: '',
        ci: true,
      },
      {
        name: 'an offer counts for ever',
        find: ' || !this.#isRecent(offer, TO_REGISTER)',
        replace: '',
      },
      {
        name: 'the expiry of a proof is counted from its arrival',
        find: '{ family, provedAt: at, since }',
        replace: '{ family, provedAt: host.now(), since }',
        ci: true,
      },
      {
        name: 'a device proves after the limit of its session',
        find: ' || host.now() >= device.limit',
        replace: '',
      },
      {
        name: 'a second key is accepted',
        find: "if (binding === 'other' || binding === 'over') return finish()",
        replace: "if (binding === 'over') return finish()",
        ci: true,
      },
      {
        name: 'a device proves a session that was ended',
        find: "if (binding === 'other' || binding === 'over') return finish()",
        replace: "if (binding === 'other') return finish()",
      },
      {
        name: 'a second key is no event',
        find: "if (binding === 'other') await host.report({ type: 'second-key' }, family)\n",
        replace: '',
      },
      {
        name: 'a binding is no event',
        find: "if (binding === 'new') await host.report({ type: 'bound' }, family)\n",
        replace: '',
      },
      {
        name: 'cookies of an ended session are ignored',
        find: "return session.ended !== 'revoked' || this.#isEnded(request, family)",
        replace: 'return false',
      },
      {
        name: 'a sid that was replaced meanwhile ends the key',
        find: "return session.ended !== 'revoked' || this.#isEnded(request, family)",
        replace: 'return true',
        ci: true,
      },
      {
        name: "cookies of somebody else's session are ignored",
        find: 'if (!families.some((one) => one.family === family)) return true\n',
        replace: '',
      },
      {
        name: 'a registration sets no store by the cookies',
        find: 'if (await this.#isOver(found, family, request)) return answer(403)\n',
        replace: '',
      },
      {
        name: 'a request without a proof is answered so that Chromium ends the session',
        find: "return answer(403, undefined, { 'Secure-Session-Challenge'",
        replace: "return answer(401, undefined, { 'Secure-Session-Challenge'",
      },
      {
        name: 'offers and challenges are of one kind',
        find: "'challenge', challengeCodec",
        replace: "'offer', challengeCodec",
        ci: true,
      },
      {
        name: 'pages of other sites make the browser prove with SameSite=None',
        find: "/SameSite=None/i.test(attributes) ? [] : ['*']",
        replace: "['*']",
      },
      {
        name: 'the answers can be cached',
        find: "'Cache-Control': 'no-store', ",
        replace: '',
      },
      {
        name: 'header fields with quotes are not understood',
        find: '/^"(.*)"$/.exec(value)?.[1] ?? value',
        replace: 'value',
      },
      {
        name: 'any method is a request of the browser itself',
        find: "if (method !== 'POST') return undefined\n",
        replace: '    void method\n',
        tests: [POLICY],
      },
      {
        name: 'an outage while a proof is checked is thrown at the app',
        find: "return answer(503, undefined, { 'Retry-After': '5' })",
        replace: 'throw error',
        tests: [POLICY],
      },
      {
        name: 'the browser keeps the cookie until the server stops to honour it',
        find: ' - rules.lifetime * MARGIN',
        replace: '',
      },
    ],
  },
  {
    file: 'src/binding/request-binding.ts',
    tests: [BOUND, POLICY],
    mutants: [
      {
        name: 'a proof counts for ever',
        find: '.filter(({ provedAt }) => notFromFuture(now, provedAt) && now - provedAt < rules.lifetime)',
        replace: '.filter(({ provedAt }) => notFromFuture(now, provedAt))',
        ci: true,
      },
      {
        name: 'the proof of another session counts',
        find: 'const proof = proofs.find((one) => one.family === family)',
        replace: 'const [proof] = proofs',
        ci: true,
      },
      {
        name: 'a cookie that proves nothing stays in the browser',
        find: '    this.#mustProve = true\n    // The proof of a session',
        replace: '    // The proof of a session',
      },
      {
        name: 'a late proof of another session is an end',
        find: 'this.#request.isSkipped || this.#isLate',
        replace: 'this.#request.isSkipped',
      },
      {
        name: 'the activity cookie is not believed that the session was proved',
        find: "if (claim === true) return 'unbound'\n",
        replace: '',
      },
      {
        name: 'the mark is not looked for',
        find: 'return host.hasList ? marks.check(family, claim) : undefined',
        replace: 'return claim',
        ci: true,
      },
      {
        name: 'a proof is required of visitors who are not signed in',
        find: 'if (subject === undefined) return undefined\n',
        replace: '',
      },
      {
        name: 'the grace has no end',
        find: "if (rules.policy === 'required' && host.now() - iat >= rules.grace) return 'unbound'\n",
        replace: '',
        ci: true,
      },
      {
        name: 'within the grace a copy needs no proof of a session that is bound',
        find: 'return host.hasList ? marks.check(family, claim) : undefined',
        replace: "return rules.policy === 'required' ? undefined : marks.check(family, claim)",
      },
      {
        name: 'where a proof is required, a real check does not look for the mark',
        find: 'if (session?.subject === undefined || !host.hasList) return true',
        replace:
          "if (session?.subject === undefined || this.#parts.rules.policy === 'required') return true",
      },
      {
        name: 'a copy of a bound session ends it, beside a session of the thief or when it has idled out',
        find: ' || !(await this.#parts.marks.isBound(family))',
        replace: ' || true',
        ci: true,
      },
      {
        name: 'a copy that is refused ends the session of the owner',
        find: 'if (this.#goesOn !== undefined && family',
        replace: 'if (this.#goesOn && family',
      },
      {
        name: 'a session that is not bound cannot be signed out when it has idled out',
        find: ' || !(await this.#parts.marks.isBound(family))',
        replace: '',
      },
      {
        name: 'a bound session cannot be signed out when it has idled out',
        find: 'proofs.some((one) => one.family === family) || ',
        replace: '',
      },
      {
        name: 'a browser that could not prove has lost its session',
        find: 'if (this.#request.isSkipped || this.#isLate) {',
        replace: 'if (this.#request === undefined) {',
      },
      {
        name: 'a page is not told that its session was ended elsewhere',
        find: "ending === undefined ? 'unbound' : 'revoked'",
        replace: "ending === null ? 'revoked' : 'unbound'",
      },
      {
        name: 'a real check does not look for the mark',
        find: 'return this.#follow(await marks.ask(session.family))',
        replace: 'return true',
      },
      {
        name: 'a live session is offered to the browser',
        find: 'if (isLive && this.#begun !== undefined) {',
        replace: 'if (isLive && (this.#begun ??= this.#unproved) !== undefined) {',
        tests: [ATTACKS],
        ci: true,
      },
      {
        name: 'a sign-out leaves the bound cookie',
        find: 'const isCleared = !isLive && session !== undefined',
        replace: 'const isCleared = !isLive && session === null',
      },
      {
        name: 'a sign-in keeps the proof of the session before',
        find: 'this.#proof = this.#unproved = undefined\n',
        replace: 'this.#unproved = undefined\n',
      },
    ],
  },
  {
    file: 'src/binding/bound-marks.ts',
    tests: [BOUND, POLICY, ATTACKS],
    mutants: [
      {
        name: 'during an outage of the list a session without a proof cannot be signed out',
        find: '.catch(() => undefined)) ===',
        replace: ".catch(() => 'unbound')) ===",
      },
      {
        name: 'what this isolate knows of a mark is forgotten',
        find: "if (known?.mark !== undefined) return 'unbound'\n",
        replace: '',
      },
      {
        name: 'an absent mark is believed for ever',
        find: 'if (Math.max(0, now() - askedAt) < recheckAfter) return askedAt',
        replace: 'if (askedAt > 0) return askedAt',
        ci: true,
      },
      {
        name: 'an absent mark is asked for at every request',
        find: 'if (Math.max(0, now() - askedAt) < recheckAfter) return askedAt\n',
        replace: '',
      },
      {
        name: 'an outage of the list ends a session without a proof at once',
        find: 'if (!isUnavailable || age >= staleIfError) throw error',
        replace: 'throw error',
      },
      {
        name: 'an outage of the list lets a session without a proof go on for ever',
        find: 'if (!isUnavailable || age >= staleIfError) throw error',
        replace: 'if (!isUnavailable) throw error',
        ci: true,
      },
      {
        name: 'an ended family can be bound',
        find: "      return 'over'\n",
        replace: '',
      },
      {
        name: 'a mark of another key is overwritten',
        find: "if (kept !== since) return 'other'\n",
        replace: '',
        ci: true,
      },
      {
        name: 'no mark is written',
        find: 'if (mark === undefined) await revocation.note(target, since, limit)\n',
        replace: '',
      },
      {
        name: 'the mark is not read again after it was written',
        find: 'const kept = mark ?? (await this.#read(family)) ?? since',
        replace: 'const kept = mark ?? since',
      },
    ],
  },
  {
    file: 'src/binding/device-binding.ts',
    tests: [POLICY],
    mutants: [
      {
        name: 'when-supported needs no list',
        find: "rules.policy === 'when-supported' && !host.hasList",
        replace: 'false',
      },
      {
        name: 'the bound cookie has a prefix that Chromium refuses',
        find: ".replace(/^__Host-Http-/i, '__Host-')",
        replace: '',
      },
      {
        name: 'plain http is accepted',
        find: '!/; Secure\\b/.test(attributes)',
        replace: "attributes === ''",
      },
    ],
  },
  {
    file: 'src/binding/rules.ts',
    tests: [POLICY],
    mutants: [
      {
        name: 'a lifetime may be so short that the quota of browsers is not enough',
        find: "wholeSeconds('lifetime', lifetime, least.lifetime, MOST.lifetime)",
        replace: "wholeSeconds('lifetime', lifetime, 1, MOST.lifetime)",
      },
      {
        name: 'a path may end the header field',
        find: "typeof path !== 'string' || !PATH.test(path)",
        replace: "typeof path !== 'string'",
      },
    ],
  },
  {
    file: 'src/session/load.ts',
    tests: [BOUND, POLICY],
    mutants: [
      {
        name: 'the requests of the browser itself have a session',
        find: ' || binding?.isOwn) return none()',
        replace: ') return none()',
      },
      {
        name: 'the activity cookie does not learn that the session was proved',
        find: ' ||\n      activity.bound !== binding?.claim,',
        replace: ',',
      },
    ],
  },
  {
    file: 'src/hono/guards.ts',
    tests: [HONO],
    mutants: [
      {
        name: 'an old proof is enough',
        find: ': proofAge < seconds\n    if (isEnough)',
        replace: ': true\n    if (isEnough)',
        ci: true,
      },
      {
        name: 'a proof of exactly that age is enough',
        find: ': proofAge < seconds\n    if (isEnough)',
        replace: ': proofAge <= seconds\n    if (isEnough)',
      },
      {
        name: 'a session that is not bound passes',
        find: "proofAge === undefined ? unbound === 'pass' :",
        replace: 'proofAge === undefined ? true :',
      },
      {
        name: 'the guard keeps the bound cookie, so that the browser does not prove',
        find: '    session.askForProof()\n',
        replace: '',
      },
      {
        name: 'the guard leads to another site',
        find: "`${pathname.replace(/^\\/(?=\\/)/, '/./')}${search}`",
        replace: '`${pathname}${search}`',
      },
    ],
  },
  {
    file: 'src/contracts/revocation-list.ts',
    tests: ['test/contracts/memory-revocation-list.test.ts'],
    mutants: [
      {
        name: 'in memory a second key takes the place of the first',
        find: 'if (keepsFirst(target) && entries.get(name) !== undefined) return\n',
        replace: '',
      },
    ],
  },
  {
    file: 'src/hono/middleware.ts',
    tests: [HONO],
    mutants: [
      {
        name: 'the middleware has no answer for the browser itself',
        find: 'if (own !== undefined) return own\n    const session',
        replace: 'const session',
      },
    ],
  },
  {
    file: 'src/session/manager.ts',
    tests: ['test/core/handle.test.ts'],
    mutants: [
      {
        name: 'handle has no answer for the browser itself',
        find: '(await answerBinding(request)) ?? handle(',
        replace: 'handle(',
      },
    ],
  },
  {
    file: 'src/contracts/migrating-revocation-list.ts',
    tests: ['test/contracts/migrating-revocation-list.test.ts'],
    mutants: [
      {
        name: 'what was used during a move can be used again after it',
        find: '  if (mark === undefined) await list.write(target, 0, CLAIMED_FOR)\n',
        replace: '',
        tests: ['test/core/once.test.ts'],
      },
      {
        name: 'what was used on the older list can be used again on the pair',
        find: '(await claimOn(older, name, until)) && claimOn(newer, name, until)',
        replace: 'claimOn(newer, name, until)',
        tests: ['test/core/once.test.ts'],
      },
      {
        name: 'of two keys in two lists the later counts',
        find: 'isFirst ? Math.min(mark, other) : Math.max(mark, other)',
        replace: 'Math.max(mark, other)',
      },
    ],
  },
  {
    file: 'src/redis/redis-revocation-list.ts',
    tests: ['test/contracts/redis-revocation-list.test.ts'],
    mutants: [
      {
        name: 'on Redis a second key takes the place of the first',
        find: "if (keepsFirst(target)) command = [...command, 'NX']\n",
        replace: '',
      },
    ],
  },
]
