import type { Group } from './mutant.ts'

const REVOCATION = 'test/core/revocation.test.ts'
const JOURNAL = 'test/core/journal.test.ts'
const FEWER_KEYS = 'test/core/fewer-keys.test.ts'
const EXTERNAL = 'test/core/external.test.ts'
const MARKS = 'test/core/marks.test.ts'
const SESSION = 'test/core/session.test.ts'
const OUTAGES = 'test/outages/outages.test.ts'
const RACE_CASES = 'test/races/cases.test.ts'
const READS = 'test/core/reads.test.ts'
const REPLACED = 'test/core/late-and-bound.test.ts'
const LIST_AWAY = 'test/core/list-away.test.ts'
const MEMORY_LIST = 'test/contracts/memory-revocation-list.test.ts'
const FINAL = 'test/core/sign-out-is-final.test.ts'
const END_OTHERS = 'test/core/end-others.test.ts'
const MEMORY = 'test/core/isolate-memory.test.ts'
const KV = 'test/workers/kv-revocation-list.test.ts'
const KV_CALLS = 'test/core/kv-calls.test.ts'

export const revocation: readonly Group[] = [
  {
    file: 'src/revocation/marks.ts',
    tests: [MARKS, REVOCATION, SESSION, FINAL, END_OTHERS],
    mutants: [
      {
        name: 'a mark spares what began at its instant',
        find: 'mark < instant) continue',
        replace: 'mark <= instant) continue',
        ci: true,
      },
      {
        name: 'a session that was kept is ended by the mark that it survived',
        find: "[{ scope: 'others', subject }, kept ?? iat],",
        replace: "[{ scope: 'others', subject }, iat],",
      },
      {
        name: 'a session that was kept escapes the mark of its subject',
        find: "[{ scope: 'subject', subject }, iat],",
        replace: "[{ scope: 'subject', subject }, kept ?? iat],",
        ci: true,
      },
      {
        name: 'a session that was kept escapes endOthers',
        find: "[{ scope: 'since', subject }, iat],",
        replace: "[{ scope: 'since', subject }, kept ?? iat],",
      },
      {
        name: 'a session that was kept escapes the mark for all',
        find: "[{ scope: 'all' }, iat],",
        replace: "[{ scope: 'all' }, kept ?? iat],",
      },
      {
        name: 'the mark for all ends nothing',
        find: "    [{ scope: 'all' }, iat],\n",
        replace: '',
      },
      {
        name: 'the mark of a subject ends nothing',
        find: "    [{ scope: 'subject', subject }, iat],\n",
        replace: '',
      },
      {
        name: 'the mark of endOthers ends nothing',
        find: "    [{ scope: 'since', subject }, iat],\n",
        replace: '',
      },
      {
        name: 'the mark of others ends nothing',
        find: "    [{ scope: 'others', subject }, kept ?? iat],\n",
        replace: '',
      },
      {
        name: 'the mark of an identity provider ends nothing',
        find: "if (external !== undefined) threats.push([{ scope: 'external', session: external }, iat])",
        replace: '',
        tests: [EXTERNAL],
        ci: true,
      },
      {
        name: 'the end of a family is written under one key',
        find: "    [{ scope: 'replaced', sid: target.sid }, 0],\n",
        replace: '',
        tests: [FEWER_KEYS, FINAL],
      },
      {
        name: 'a listed sid ends nothing',
        find: "    [{ scope: 'session', sid: family }, anyMark],\n",
        replace: '',
      },
      {
        name: 'a listed sid ends only what began before its mark',
        find: "    [{ scope: 'replaced', sid }, anyMark],\n",
        replace: "    [{ scope: 'replaced', sid }, iat],\n",
      },
      {
        name: 'a family that ended does not end what was regenerated',
        find: "    [{ scope: 'session', sid: family }, anyMark],\n",
        replace: "    [{ scope: 'session', sid }, anyMark],\n",
        ci: true,
      },
      {
        name: 'a sid that was replaced goes on',
        find: "    [{ scope: 'replaced', sid }, anyMark],\n",
        replace: '',
        ci: true,
      },
      {
        name: 'a replaced sid hides that more is over',
        find: "if (target.scope !== 'replaced') return { target, mark }",
        replace: 'if (mark >= instant) return { target, mark }',
      },
    ],
  },
  {
    file: 'src/revocation/memory.ts',
    tests: [MARKS, END_OTHERS, REVOCATION, READS, SESSION, FINAL, MEMORY, RACE_CASES],
    mutants: [
      {
        name: 'an older mark replaces a newer one in memory',
        find: 'Math.max(known.mark, before?.mark ?? known.mark)',
        replace: 'known.mark',
      },
      {
        name: 'what is recorded counts as not recorded after it was found in the list',
        find: 'known.recorded || before?.recorded === true',
        replace: 'known.recorded',
      },
      {
        name: 'what could not be recorded counts as recorded',
        find: '{ mark, recorded: false }',
        replace: '{ mark, recorded: true }',
        tests: [READS],
        ci: true,
      },
      {
        name: 'an isolate remembers fewer ends than it says',
        find: '#marks = new LruMap<string, Known>(REMEMBERED)',
        replace: '#marks = new LruMap<string, Known>(8_000)',
        tests: [MEMORY],
      },
      {
        name: 'a sign-in begins at the mark that it has to survive',
        find: 'return Math.max(...marks) + 1',
        replace: 'return Math.max(...marks)',
      },
      {
        name: 'a sign-in with endOthers begins at its own mark',
        find: 'Math.max(this.#now(), mark + 1, ',
        replace: 'Math.max(this.#now(), mark, ',
      },
      {
        name: 'a sign-in does not know of the mark for all',
        find: "const targets: RevocationTarget[] = [{ scope: 'all' }]",
        replace: 'const targets: RevocationTarget[] = []',
      },
      {
        name: 'a sign-in does not know of the mark of its subject',
        find: "['subject', 'since', 'others'] as const",
        replace: "['since', 'others'] as const",
      },
      {
        name: 'a sign-in does not know of the mark of endOthers',
        find: "['subject', 'since', 'others'] as const",
        replace: "['subject', 'others'] as const",
      },
      {
        name: 'a sign-in does not know of the mark of others',
        find: "['subject', 'since', 'others'] as const",
        replace: "['subject', 'since'] as const",
      },
      {
        name: 'two marks of a millisecond are the same',
        find: 'this.#ownMarks.set(subject, instant + 1)',
        replace: 'this.#ownMarks.set(subject, instant)',
      },
      {
        name: 'a subject moves its own marks ahead without end',
        find: 'if (next > soonest + CLOCK_DIFFERENCE) return undefined',
        replace: '',
      },
      {
        name: "a subject's marks may run an hour ahead",
        find: 'if (next > soonest + CLOCK_DIFFERENCE) return undefined',
        replace: 'if (next > soonest + 3_600_000) return undefined',
      },
      {
        name: 'endOthers does not cover what a faster clock began',
        find: "(scope === 'since' ? CLOCK_DIFFERENCE : 0)",
        replace: '0',
      },
      {
        name: 'a mark of an operator does not cover a session that has just begun ahead of the clock',
        find: 'this.#startOf(subject), this.#afterMarksOf(subject))',
        replace: 'this.#afterMarksOf(subject))',
      },
      {
        name: 'a mark of an operator does not cover a session that another server began ahead of the clock',
        find: 'this.#startOf(subject), this.#afterMarksOf(subject))',
        replace: 'this.#startOf(subject))',
      },
      {
        name: "a subject's own mark does not cover a session that has just begun ahead of the clock",
        find: 'Math.max(soonest, this.#startOf(subject), next)',
        replace: 'Math.max(soonest, next)',
      },
      {
        name: 'a sign-in of one subject moves the marks of all subjects',
        find: 'this.#starts.get(subject) ?? 0',
        replace: 'this.#latestStart',
      },
      {
        name: 'a family forgets no replaced sid',
        find: 'others.slice(1 - REPLACED_OF_ONE_FAMILY)',
        replace: 'others',
      },
      {
        name: 'replaced sids push out what ended',
        find: "target.scope !== 'replaced' || family === undefined || target.sid === family",
        replace: 'true',
      },
      {
        name: 'the first sid of a family is forgotten like any other',
        find: "target.scope !== 'replaced' || family === undefined || target.sid === family",
        replace: "target.scope !== 'replaced' || family === undefined",
      },
    ],
  },
  {
    file: 'src/revocation/reads.ts',
    tests: [REVOCATION, OUTAGES, LIST_AWAY, READS, RACE_CASES],
    mutants: [
      {
        name: 'recheck joins an older read',
        find: 'return this.#ask(key, read, this.#config.timeout)',
        replace: 'return this.join(key, read)',
      },
      {
        name: 'a request waits for the read of another for ever',
        find: 'await withTimeout(other, JOIN_FOR, () => this.#forget(key, other))',
        replace: 'await other',
      },
      {
        name: 'a list that is away is asked by every request',
        find: "if (now() < this.#retryAt) throw new Error('the list did not answer a moment ago')",
        replace: '',
      },
      {
        name: 'while a list is away every request finds out whether it is back',
        find: 'if (this.#retryAt > 0) this.#retryAt = now() + RETRY_AFTER',
        replace: '',
      },
      {
        name: 'a read that was refused starts no pause',
        find: '      this.#retryAt = this.#config.now() + RETRY_AFTER\n',
        replace: '',
      },
      {
        name: 'a read may take for ever',
        find: 'const answer = await withTimeout(reading, timeout)',
        replace: 'const answer = await reading',
      },
      {
        name: 'a read that is over is joined again',
        find: 'if (this.#underWay.get(key) === reading) this.#underWay.delete(key)',
        replace: '',
      },
    ],
  },
  {
    file: 'src/revocation/age.ts',
    tests: [REVOCATION, MARKS, READS, SESSION, OUTAGES, LIST_AWAY, FINAL, END_OTHERS],
    mutants: [
      {
        name: 'a check is trusted a millisecond too long',
        find: 'limit > 0 && ageOf(instant, now) < limit',
        replace: 'limit > 0 && ageOf(instant, now) <= limit',
        ci: true,
      },
      {
        name: 'with recheckAfter 0 a check ahead of the clock is trusted',
        find: 'limit > 0 && ageOf(instant, now) < limit',
        replace: 'ageOf(instant, now) < limit',
      },
    ],
  },
  {
    file: 'src/revocation/journal.ts',
    tests: [REVOCATION, MARKS, READS, SESSION, OUTAGES, LIST_AWAY, FINAL, END_OTHERS],
    mutants: [
      {
        name: 'a journal that failed is trusted',
        find: 'if (this.#isWithin(recheckAfter, this.#failed)) return false',
        replace: '',
        tests: [JOURNAL],
      },
      {
        name: 'a journal that gave a wrong answer goes on',
        find: '        marks.reset()\n',
        replace: '',
        tests: [JOURNAL],
      },
    ],
  },
  {
    file: 'src/revocation/list-revocation.ts',
    tests: [REVOCATION, MARKS, READS, SESSION, OUTAGES, LIST_AWAY, FINAL, END_OTHERS],
    mutants: [
      {
        name: "a subject's own marks hold up an operator",
        find: 'mark = this.#memory.nextMark(target) } = details',
        replace:
          "mark = 'subject' in target ? this.#nextOwnMark('others', target.subject) : this.#memory.nextMark(target) } = details",
      },
      {
        name: 'an entry lives half as long as it has to',
        find: 'Math.ceil((limit + GRACE - now) / 1000)',
        replace: 'Math.ceil((limit + GRACE - now) / 2000)',
        ci: true,
      },
      {
        name: 'an entry lives no minute more for clocks that differ',
        find: 'Math.ceil((limit + GRACE - now) / 1000)',
        replace: 'Math.ceil((limit - now) / 1000)',
      },
      {
        name: 'an entry that lives a fraction of a second too short',
        find: 'Math.ceil((limit + GRACE - now) / 1000)',
        replace: 'Math.floor((limit + GRACE - now) / 1000)',
      },
      {
        name: 'a mark that names no session lives for a day',
        find: 'limit = now() + LONGEST_LIFE * 1000',
        replace: 'limit = now() + 86_400_000',
      },
      {
        name: 'a session past its limit costs a write',
        find: 'if (seconds <= 0) return\n',
        replace: '',
      },
      {
        name: 'a check with recheckAfter 0 joins an older read',
        find: "recheckAfter > 0 ? 'join' : 'ask'",
        replace: "'join'",
        tests: [REVOCATION, RACE_CASES],
      },
      {
        name: 'recheck joins a read that is under way',
        find: "return await this.#ask(session, 'ask')\n",
        replace: "return await this.#ask(session, 'join')\n",
        tests: [REVOCATION, READS],
        ci: true,
      },
      {
        name: 'a revocation during a read is ignored',
        find: '      this.#knownEnding(session)\n    if (ending',
        replace: '      undefined\n    if (ending',
        tests: [REVOCATION, OUTAGES, READS],
        ci: true,
      },
      {
        name: 'what the list says of a session is ignored',
        find: 'endingOf(session, (target) => marks.get(targetName(target))) ??',
        replace: 'undefined ??',
      },
      {
        name: 'a mark of a day ahead is an instant',
        find: 'mark <= now() + CLOCK_TOLERANCE',
        replace: 'mark <= now() + 86_400_000',
        ci: true,
      },
      {
        name: 'a mark at the tolerance is from ahead',
        find: 'mark <= now() + CLOCK_TOLERANCE',
        replace: 'mark < now() + CLOCK_TOLERANCE',
      },
      {
        name: 'a mark that lies ahead is remembered',
        find: 'if (isInstant) this.#memory.remember(target, mark)',
        replace: 'if (mark > 0) this.#memory.remember(target, mark)',
      },
      {
        name: 'a mark that the list has is not remembered',
        find: 'if (isInstant) this.#memory.remember(target, mark)',
        replace: 'if (isInstant) continue',
      },
      {
        name: 'a sid that stands in the list counts as recorded',
        find: 'this.#memory.endLocally(target, mark, family)\n    else',
        replace: 'this.#memory.remember(target, mark, family)\n    else',
      },
      {
        name: 'an answer for other targets is trusted',
        find: "if (answer.length !== targets.length) throw new TypeError('the list answered for other targets')",
        replace: '',
      },
      {
        name: 'what this isolate revoked is asked for only later',
        find: '    if (known !== undefined) return this.#revoked(session, known)\n    const { recheckAfter',
        replace: '    const { recheckAfter',
      },
      {
        name: 'recheck asks the list for what this isolate revoked',
        find: 'if (known !== undefined) return this.#revoked(session, known)\n    try {',
        replace: 'try {',
        tests: [REVOCATION, SESSION, OUTAGES, READS],
      },
      {
        name: 'a list that is away lets every session go on',
        find: 'if (staleIfError === 0 || age >= staleIfError) {',
        replace: 'if (staleIfError < 0) {',
        ci: true,
      },
      {
        name: 'a list that is away lets a session go on a millisecond too long',
        find: 'age >= staleIfError) {',
        replace: 'age > staleIfError) {',
      },
      {
        name: 'with staleIfError 0 a check ahead of the clock is trusted',
        find: 'if (staleIfError === 0 || age >= staleIfError) {',
        replace: 'if (age >= staleIfError) {',
        tests: [LIST_AWAY, OUTAGES, MARKS],
      },
      {
        name: 'a list that is away is no event',
        find: "report({ type: 'revocation-stale', age: Math.max(0, age) / 1000, cause })",
        replace: '',
      },
      {
        name: 'a write that failed is a success',
        find: "if (failed !== undefined) throw this.#unavailable('write', failed.reason)",
        replace: '',
        ci: true,
      },
      {
        name: 'a write may take for ever',
        find: 'await withTimeout(list.write(entry, instant, seconds), timeout)',
        replace: 'await list.write(entry, instant, seconds)',
      },
      {
        name: 'what was recorded is not remembered',
        find: '      this.#memory.remember(entry, instant, family)\n',
        replace: '',
      },
      {
        name: 'a second sign-out writes again',
        find: "if ('sid' in entry && this.#memory.isRecorded(entry, family)) return false",
        replace: '',
      },
      {
        name: 'a subject is not forced out a second time',
        find: "if ('sid' in entry && this.#memory.isRecorded(entry, family)) return false",
        replace: 'if (this.#memory.isRecorded(entry, family)) return false',
      },
      {
        name: 'a session found good is remembered for longer than since the list was asked',
        find: 'this.#memory.foundGood(session.sid, checkedAt)',
        replace: 'this.#memory.foundGood(session.sid, this.#config.now())',
        tests: [REVOCATION, READS],
      },
      {
        name: 'a check counts from when the answer came',
        find: 'return { checkedAt: asked, marks }',
        replace: 'return { checkedAt: this.#config.now(), marks }',
        tests: [READS],
        ci: true,
      },
      {
        name: 'a check is younger than the mark for all that it relies on',
        find: 'checkedAt: Math.min(asked, askedOfAll), marks',
        replace: 'checkedAt: asked, marks',
        tests: [FEWER_KEYS, JOURNAL],
        ci: true,
      },
      {
        name: 'the mark for all is kept for all of recheckAfter and more',
        find: 'const KEEP_ALL = 1 / 2',
        replace: 'const KEEP_ALL = 10',
        tests: [FEWER_KEYS, JOURNAL],
      },
      {
        name: 'recheck relies on the mark for all of before',
        find: "this.#readAbout(session, how === 'join'),",
        replace: 'this.#readAbout(session, true),',
        tests: [FEWER_KEYS, MARKS],
        ci: true,
      },
      {
        name: 'a mark for all that can be corrected is kept',
        find: "if (marks.get('all') !== Number.POSITIVE_INFINITY) this.#askedOfAll = asked",
        replace: 'this.#askedOfAll = asked',
        tests: [FEWER_KEYS, MARKS],
      },
      {
        name: 'with recheckAfter 0 the journal answers',
        find: 'if (recheckAfter > 0) {\n      const join',
        replace: 'if (recheckAfter >= 0) {\n      const join',
        tests: [JOURNAL],
      },
      {
        name: 'endOthers does not ask the list',
        find: 'const marks = await this.marksOf(targets, `since ${subject}`)',
        replace: 'const marks = new Map<string, number>()',
      },
      {
        name: 'endOthers does not ask for the mark of an operator',
        find: "const scopes = ['subject', 'since'] as const",
        replace: "const scopes = ['since'] as const",
      },
      {
        name: 'endOthers does not ask for the mark for all',
        find: "const targets = [{ scope: 'all' } as const, ...scopes",
        replace: 'const targets = [...scopes',
      },
      {
        name: 'endOthers lets in a subject whom a mark bars',
        find: '.some((known) => known > mark + CLOCK_DIFFERENCE)',
        replace: '.some(() => false)',
      },
      {
        name: 'endOthers signs in though the list is away',
        find: "      throw this.#unavailable('read', cause)\n    }\n  }\n\n  async record",
        replace: '      return new Map()\n    }\n  }\n\n  async record',
      },
      {
        name: 'a replaced sid that comes back is no event',
        find: "target.scope === 'replaced' && mark >= iat && age > REPLACED_IN_FLIGHT",
        replace: 'false',
        tests: [REVOCATION, SESSION, FINAL, MEMORY, REPLACED],
      },
      {
        name: 'a replaced sid that comes back within the minute is an event',
        find: ' && age > REPLACED_IN_FLIGHT',
        replace: '',
        tests: [REVOCATION, SESSION, FINAL, MEMORY, REPLACED],
      },
    ],
  },
  {
    file: 'src/lib/expiring-map.ts',
    tests: [MEMORY_LIST, MEMORY],
    mutants: [
      {
        name: 'the list in memory keeps an entry a millisecond too long',
        find: 'entry.until > this.#now()',
        replace: 'entry.until >= this.#now()',
      },
      {
        name: 'the list in memory drops what is still needed',
        find: 'if (this.get(name) === undefined) this.#entries.delete(name)',
        replace: 'this.#entries.delete(name)',
      },
      {
        name: 'the list in memory never drops anything',
        find: 'if (this.get(name) === undefined) this.#entries.delete(name)',
        replace: '',
        tests: ['test/core/expiring-map.test.ts'],
      },
    ],
  },
  {
    file: 'src/contracts/revocation-list.ts',
    tests: [MEMORY_LIST, MEMORY],
    mutants: [
      {
        name: 'two scopes share a name',
        find: "return `${scope}/${'sid' in target ? target.sid : target.subject}`",
        replace: "return `${'sid' in target ? target.sid : target.subject}`",
      },
      {
        name: 'the list in memory keeps entries for milliseconds',
        find: 'Math.max(mark, known), now() + seconds * 1000)',
        replace: 'Math.max(mark, known), now() + seconds)',
      },
      {
        name: 'the list in memory sets the mark of endOthers back',
        find: 'keepsNewest(target) ? (entries.get(name) ?? mark) : mark',
        replace: 'mark',
        ci: true,
      },
      {
        name: 'the list in memory never sets a mark back',
        find: 'keepsNewest(target) ? (entries.get(name) ?? mark) : mark',
        replace: 'entries.get(name) ?? mark',
      },
      {
        name: 'the mark of a session at an identity provider can be set back',
        find: "scope === 'since' || scope === 'external'",
        replace: "scope === 'since'",
        tests: [EXTERNAL, MEMORY_LIST],
      },
      {
        name: 'a name can be claimed twice',
        find: 'if (claims.get(name)) return false',
        replace: '',
        ci: true,
      },
      {
        name: 'a claim lasts no time',
        find: 'claims.set(name, true, until)',
        replace: 'claims.set(name, true, now())',
      },
    ],
  },
  {
    file: 'src/cloudflare/kv-revocation-list.ts',
    tests: [KV_CALLS, KV],
    mutants: [
      {
        name: 'KV may cache an answer for an hour',
        find: 'const CACHE_TTL = 30\n',
        replace: 'const CACHE_TTL = 3_600\n',
        tests: [KV_CALLS, KV],
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
        tests: [KV_CALLS, KV],
      },
      {
        name: 'an answer without a key is "nothing revoked"',
        find: "if (!keys.every((key) => values.has(key))) throw new TypeError('KV answered for other keys')",
        replace: '',
        tests: [KV_CALLS, KV, OUTAGES],
        ci: true,
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
        find: '!hashSubjects && utf8Length(subject) <= LONGEST_SUBJECT',
        replace: '!hashSubjects && subject.length <= LONGEST_SUBJECT',
      },
      {
        name: 'a plain subject can pass for a hash',
        find: '`revoked/${scope}-sha256/',
        replace: '`revoked/${scope}/',
        tests: [KV_CALLS, KV],
      },
      {
        name: 'with hashSubjects a plain key is silently without effect',
        find: 'return utf8Length(plain) <= LONGEST_KEY ? [hashed, plain] : [hashed]',
        replace: 'return [hashed]',
      },
      {
        name: 'a key that is too long is asked for',
        find: 'return utf8Length(plain) <= LONGEST_KEY ? [hashed, plain] : [hashed]',
        replace: 'return [hashed, plain]',
      },
      {
        name: 'of two keys the older mark counts',
        find: 'Math.max(...known)',
        replace: 'Math.min(...known)',
      },
      {
        name: 'KV sets the mark of endOthers back',
        find: 'isCompared ? readMark((await read([key])).get(key)) : undefined',
        replace: 'undefined',
      },
      {
        name: 'KV never sets a mark back',
        find: 'const isCompared = keepsNewest(target) || keepsFirst(target)',
        replace: 'const isCompared = true',
      },
      {
        name: 'an entry that cannot be read is written again',
        find: 'Number.isFinite(known) ? newest([mark, known]) : mark',
        replace: 'newest([mark, known])',
      },
    ],
  },
  {
    file: 'src/lib/instant.ts',
    tests: [KV],
    mutants: [
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
    ],
  },
  {
    file: 'src/revocation/journal-marks.ts',
    tests: [JOURNAL],
    mutants: [
      {
        name: 'the journal is trusted beyond its reach',
        find: 'checkedAt !== undefined && checkedAt - MARGIN >= this.#from',
        replace: 'checkedAt !== undefined',
        ci: true,
      },
      {
        name: 'the journal leaves no room for clocks',
        find: 'checkedAt - MARGIN >= this.#from',
        replace: 'checkedAt >= this.#from',
      },
      {
        name: 'the journal counts from when the answer came',
        find: 'this.#checkedAt = asked - age',
        replace: 'this.#checkedAt = now',
      },
      {
        name: 'a copy of an answer counts as fresh',
        find: 'this.#checkedAt = asked - age',
        replace: 'this.#checkedAt = asked',
      },
      {
        name: 'a gap between two answers goes unnoticed',
        find: 'const isGap = from > since || ',
        replace: 'const isGap = ',
        ci: true,
      },
      {
        name: "a step of the list's clock goes unnoticed",
        find: 'from > since || ahead < this.#ahead - NOTICEABLE_STEP',
        replace: 'from > since',
      },
      {
        name: 'an earlier answer replaces a later one',
        find: 'if (order < this.#lastTaken) return []',
        replace: '',
      },
      {
        name: 'what the journal forgets does not shorten its reach',
        find: '      this.#from = Math.max(this.#from, at + 1)\n',
        replace: '',
      },
      {
        name: 'an answer from another time is trusted',
        find: 'if (!isInTime)',
        replace: 'if (isInTime === undefined)',
      },
      {
        name: 'a mark far ahead is an instant in the journal',
        find: "'sid' in target || mark <= now + CLOCK_TOLERANCE",
        replace: "'sid' in target || mark <= now + 86_400_000",
      },
      {
        name: 'answers do not overlap',
        find: 'this.#listNow - OVERLAP',
        replace: 'this.#listNow',
      },
    ],
  },
]
