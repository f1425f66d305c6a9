import type { Group } from './mutant.ts'

const REVOCATION = 'test/core/revocation.test.ts'
const SESSION = 'test/core/session.test.ts'
const OUTAGES = 'test/outages/outages.test.ts'
const RACES = 'test/core/session.test.ts' /*TEMP*/
const MEMORY_LIST = 'test/contracts/memory-revocation-list.test.ts'
const KV = 'test/workers/kv-revocation-list.test.ts'
const KV_CALLS = 'test/core/kv-calls.test.ts'

export const revocation: readonly Group[] = [
  {
    file: 'src/revocation/marks.ts',
    tests: [REVOCATION, SESSION],
    mutants: [
      {
        name: 'the mark for all spares what began at its instant',
        find: "iat <= mark({ scope: 'all' })",
        replace: "iat < mark({ scope: 'all' })",
        ci: true,
      },
      {
        name: 'the mark of a subject spares what began at its instant',
        find: "iat <= mark({ scope: 'subject', subject })",
        replace: "iat < mark({ scope: 'subject', subject })",
        ci: true,
      },
      {
        name: 'the mark of others spares what was kept at its instant',
        find: "(kept ?? iat) <= mark({ scope: 'others', subject })",
        replace: "(kept ?? iat) < mark({ scope: 'others', subject })",
      },
      {
        name: 'a session that was kept is ended by the mark that it survived',
        find: "(kept ?? iat) <= mark({ scope: 'others', subject })",
        replace: "iat <= mark({ scope: 'others', subject })",
      },
      {
        name: 'a session that was kept escapes the mark of its subject',
        find: "iat <= mark({ scope: 'subject', subject })",
        replace: "(kept ?? iat) <= mark({ scope: 'subject', subject })",
        ci: true,
      },
      {
        name: 'the mark of others ends nothing',
        find: " ||\n    (kept ?? iat) <= mark({ scope: 'others', subject })",
        replace: '',
      },
      {
        name: 'a listed sid ends nothing',
        find: 'if (sidsOf({ sid, family }).some((target) => marks.has(targetName(target)))) return true',
        replace: '',
      },
      {
        name: 'a family that ended does not end what was regenerated',
        find: "family === sid ? own : [...own, { scope: 'session', sid: family }]",
        replace: 'own',
        ci: true,
      },
      {
        name: 'a sid that was replaced goes on',
        find: "    { scope: 'replaced', sid },\n",
        replace: '',
      },
      {
        name: 'nobody asks for the mark for all',
        find: "[...sidsOf(session), { scope: 'all' }]",
        replace: '[...sidsOf(session)]',
        tests: [REVOCATION, SESSION, OUTAGES],
      },
      {
        name: 'nobody asks for the mark of the subject',
        find: "[...targets, { scope: 'subject', subject }, { scope: 'others', subject }]",
        replace: "[...targets, { scope: 'others', subject }]",
      },
      {
        name: 'nobody asks for the mark of others',
        find: "[...targets, { scope: 'subject', subject }, { scope: 'others', subject }]",
        replace: "[...targets, { scope: 'subject', subject }]",
      },
    ],
  },
  {
    file: 'src/revocation/memory.ts',
    tests: [REVOCATION, SESSION, RACES],
    mutants: [
      {
        name: 'an older mark replaces a newer one in memory',
        find: 'Math.max(mark, this.#marks.get(name) ?? mark)',
        replace: 'mark',
      },
      {
        name: 'what could not be recorded counts as recorded',
        find: '(this.#marks.get(targetName(target)) ?? 0) > 0',
        replace: '(this.#marks.get(targetName(target)) ?? -1) >= 0',
        tests: [REVOCATION, OUTAGES],
      },
      {
        name: 'a sign-in begins at the mark that it has to survive',
        find: '...marks.map((mark) => mark + 1)',
        replace: '...marks',
        ci: true,
      },
      {
        name: 'a sign-in does not know of the mark for all',
        find: "const targets: RevocationTarget[] = [{ scope: 'all' }]\n    if",
        replace: 'const targets: RevocationTarget[] = []\n    if',
      },
      {
        name: 'a sign-in does not know of the mark of others',
        find: "targets.push({ scope: 'subject', subject }, { scope: 'others', subject })",
        replace: "targets.push({ scope: 'subject', subject })",
      },
      {
        name: 'a sign-in does not know of the mark of its subject',
        find: "targets.push({ scope: 'subject', subject }, { scope: 'others', subject })",
        replace: "targets.push({ scope: 'others', subject })",
      },
      {
        name: 'two marks of a millisecond are the same',
        find: 'this.#latest = instant + 1',
        replace: 'this.#latest = instant',
      },
      {
        name: 'a mark does not cover a session that has just begun ahead of the clock',
        find: 'Math.max(this.#now(), this.#latest)',
        replace: 'this.#now()',
      },
    ],
  },
  {
    file: 'src/revocation/revocation.ts',
    tests: [REVOCATION, SESSION, OUTAGES],
    mutants: [
      {
        name: 'an entry lives half as long as it has to',
        find: 'Math.ceil((longest + CLOCK_TOLERANCE) / 1000)',
        replace: 'Math.ceil((longest + CLOCK_TOLERANCE) / 2000)',
        ci: true,
      },
      {
        name: 'an entry lives no minute more for clocks that differ',
        find: 'Math.ceil((longest + CLOCK_TOLERANCE) / 1000)',
        replace: 'Math.ceil(longest / 1000)',
      },
      {
        name: 'recheck joins an older read',
        find: 'return await ask(session, false)',
        replace: 'return await ask(session, true)',
        ci: true,
      },
      {
        name: 'a check with recheckAfter 0 joins an older read',
        find: 'ask(session, recheckAfter > 0)',
        replace: 'ask(session, true)',
      },
      {
        name: 'a revocation during a read is ignored',
        find: 'isRevoked(session, found) || memory.isRevoked(session)',
        replace: 'isRevoked(session, found)',
        ci: true,
      },
      {
        name: 'what the list says is ignored',
        find: 'isRevoked(session, found) || memory.isRevoked(session)',
        replace: 'memory.isRevoked(session)',
      },
      {
        name: 'a mark of a day ahead is an instant',
        find: 'mark <= now() + CLOCK_TOLERANCE',
        replace: 'mark <= now() + 86_400_000',
        ci: true,
      },
      {
        name: 'a mark that lies ahead is remembered',
        find: 'else if (isInstant) memory.remember(target, mark)',
        replace: 'else if (mark > 0) memory.remember(target, mark)',
      },
      {
        name: 'an answer for other targets is trusted',
        find: "if (answer.length !== targets.length) throw new TypeError('the list answered for other targets')",
        replace: '',
      },
      {
        name: 'a check is trusted a millisecond too long',
        find: 'limit > 0 && age < limit',
        replace: 'limit > 0 && age <= limit',
        ci: true,
      },
      {
        name: 'with recheckAfter 0 a check ahead of the clock is trusted',
        find: 'limit > 0 && age < limit',
        replace: 'age < limit',
      },
      {
        name: 'what this isolate revoked is asked for only later',
        find: 'async check(session, chk) {\n      if (memory.isRevoked(session)) return REVOKED',
        replace: 'async check(session, chk) {',
        ci: true,
      },
      {
        name: 'a list that is away lets every session go on',
        find: 'if (!isWithin(staleIfError))',
        replace: 'if (isWithin(0))',
        ci: true,
      },
      {
        name: 'a list that is away is asked by every request',
        find: 'retryAt = now() + RETRY_AFTER',
        replace: '',
      },
      {
        name: 'a list that was away is never asked again',
        find: 'if (now() < retryAt)',
        replace: 'if (retryAt > 0)',
      },
      {
        name: 'a write that failed is a success',
        find: "throw unavailable('write', cause)",
        replace: "void unavailable('write', cause)",
        ci: true,
      },
      {
        name: 'a write may take for ever',
        find: 'await withTimeout(list.write(target, mark, seconds), timeout)',
        replace: 'await list.write(target, mark, seconds)',
      },
      {
        name: 'what was recorded is not remembered',
        find: "throw unavailable('write', cause)\n    }\n    memory.remember(target, mark)",
        replace: "throw unavailable('write', cause)\n    }",
      },
      {
        name: 'a second sign-out writes again',
        find: "if ('sid' in target && memory.isRecorded(target)) return",
        replace: '',
      },
      {
        name: 'a subject is not forced out a second time',
        find: "if ('sid' in target && memory.isRecorded(target)) return",
        replace: 'if (memory.isRecorded(target)) return',
      },
      {
        name: 'a check counts from when the answer came',
        find: "return { status: 'good', checkedAt: reading.asked }",
        replace: "return { status: 'good', checkedAt: now() }",
      },
      {
        name: 'a session found good is remembered from when the answer came',
        find: 'memory.foundGood(session.sid, reading.asked)',
        replace: 'memory.foundGood(session.sid, now())',
      },
      {
        name: 'a request waits for the read of another for ever',
        find: 'await withTimeout(other.marks, JOIN_FOR, () => forget(session, other))',
        replace: 'await other.marks',
      },
      {
        name: 'without a list revokeSubject is a success',
        find: "throw new TypeError('this needs a revocation list, and \"revocationList\" is \\'none\\'')",
        replace: '',
      },
    ],
  },
  {
    file: 'src/contracts/revocation-list.ts',
    tests: [MEMORY_LIST],
    mutants: [
      {
        name: 'two scopes share a name',
        find: "`${target.scope}/${'sid' in target ? target.sid : target.subject}`",
        replace: "`${'sid' in target ? target.sid : target.subject}`",
        ci: true,
      },
      {
        name: 'the list in memory keeps an entry a millisecond too long',
        find: 'entry === undefined || entry.until <= now()',
        replace: 'entry === undefined || entry.until < now()',
      },
      {
        name: 'the list in memory keeps entries for milliseconds',
        find: 'until: now() + seconds * 1000',
        replace: 'until: now() + seconds',
      },
    ],
  },
  {
    file: 'src/cloudflare/kv-revocation-list.ts',
    tests: [KV, 'test/outages/workerd.test.ts'],
    mutants: [
      {
        name: 'KV may cache an answer for an hour',
        find: 'const CACHE_TTL = 30\n',
        replace: 'const CACHE_TTL = 3_600\n',
        tests: [KV, KV_CALLS],
        ci: true,
      },
      {
        name: 'an entry is written without what KV asks for at least',
        find: 'Math.max(LEAST_TTL, seconds)',
        replace: 'seconds',
      },
      {
        name: 'an entry always lives for a minute',
        find: 'Math.max(LEAST_TTL, seconds)',
        replace: 'LEAST_TTL',
        tests: [KV, KV_CALLS],
      },
      {
        name: 'an answer without a key is "nothing revoked"',
        find: "if (!keys.every((key) => values.has(key))) throw new TypeError('KV answered for other keys')",
        replace: '',
        tests: [KV, KV_CALLS, OUTAGES],
        ci: true,
      },
      {
        name: 'an entry that is no instant ends nothing',
        find: 'Number.isNaN(instant) ? Number.POSITIVE_INFINITY : instant',
        replace: 'Number.isNaN(instant) ? undefined : instant',
      },
      {
        name: 'an instant in seconds is read as milliseconds',
        find: 'instant < LEAST_MILLISECONDS ? instant * 1000 : instant',
        replace: 'instant',
      },
      {
        name: 'a subject of any length stands in the key',
        find: '!hashSubjects && utf8Length(subject) <= LONGEST_SUBJECT',
        replace: '!hashSubjects',
      },
      {
        name: 'hashSubjects hashes nothing',
        find: '!hashSubjects && utf8Length(subject) <= LONGEST_SUBJECT',
        replace: 'utf8Length(subject) <= LONGEST_SUBJECT',
      },
      {
        name: 'length is counted in UTF-16',
        find: 'utf8Length(subject) <= LONGEST_SUBJECT',
        replace: 'subject.length <= LONGEST_SUBJECT',
      },
      {
        name: 'a plain subject can pass for a hash',
        find: '`revoked/${scope}-sha256/',
        replace: '`revoked/${scope}/',
        tests: [KV, KV_CALLS],
      },
    ],
  },
]
