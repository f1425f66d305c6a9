import type { Group } from './mutant.ts'

const INDEX = 'test/core/session-index.test.ts'
const MEMORY_INDEX = 'test/contracts/memory-session-index.test.ts'
const DATA = 'test/core/data-store.test.ts'
const MEMORY_DATA = 'test/contracts/memory-data-store.test.ts'

/** The session index and the data store. The contract of the list is in `revocation.ts`. */
export const contracts: readonly Group[] = [
  {
    file: 'src/contracts/stored-index.ts',
    tests: [INDEX],
    mutants: [
      {
        name: 'the list shows sessions that a mark has ended',
        find: 'return known.filter((_, index) => endings[index] === undefined)',
        replace: 'return known',
        ci: true,
      },
      {
        name: 'the list does not know what this isolate ended',
        find: ' ??\n        revocation.endingInMemory(session),',
        replace: ',',
      },
      {
        name: 'the record is removed for a mark that an operator can correct',
        find: "endings[index]?.target.scope === 'session'",
        replace: 'endings[index] !== undefined',
      },
      {
        name: 'more targets are asked for at once than KV answers',
        find: 'const TARGETS_AT_ONCE = 90\n',
        replace: 'const TARGETS_AT_ONCE = 900\n',
      },
      {
        name: 'only the first targets are asked for',
        find: 'for (let at = 0; at < targets.length; at += TARGETS_AT_ONCE) {',
        replace: 'for (let at = 0; at < Math.min(1, targets.length); at += TARGETS_AT_ONCE) {',
      },
      {
        name: 'a session is shown in the millisecond of its limit',
        find: 'else if (record.until > now) known',
        replace: 'else if (record.until >= now) known',
      },
      {
        name: 'a sign-in ends one session too few',
        find: 'Math.max(0, live.length + 1 - most)',
        replace: 'Math.max(0, live.length - most)',
      },
      {
        name: 'a sign-in ends one session too many',
        find: 'Math.max(0, live.length + 1 - most)',
        replace: 'Math.max(0, live.length + 2 - most)',
      },
      {
        name: 'a sign-in ends the newest sessions',
        find: 'live.toSorted((a, b) => a.record.began - b.record.began)',
        replace: 'live.toSorted((a, b) => b.record.began - a.record.began)',
      },
      {
        name: 'a sign-in counts itself',
        find: 'other.family !== family && ',
        replace: '',
      },
      {
        name: 'a sign-in counts sessions that began after it',
        find: ' && other.record.began <= iat)',
        replace: ')',
      },
      {
        name: 'an excess session is only taken off the list',
        find: "    await this.#host.revocation.record({ scope: 'session', sid: family }, { limit })\n",
        replace: '    void limit\n',
      },
      {
        name: 'a session that survived its signOutOthers is not shown',
        find: 'if (isRecent && before.kept === session.kept) return',
        replace: 'if (isRecent) return',
      },
      {
        name: 'the session at the identity provider is not recorded',
        find: 'kept, ext: external, about }',
        replace: 'kept, ext: undefined, about }',
      },
      {
        name: 'a description of any form is recorded',
        find: 'if (description === undefined || isDescription(description)) return description',
        replace: 'if (description !== null) return description as Description',
      },
      {
        name: 'an index that is away makes a list of nothing',
        find: "throw new SessionError('index-unavailable', 'the session index failed on a read', { cause })",
        replace: 'return []',
      },
      {
        name: 'anonymous visitors are recorded',
        find: '    if (subject === undefined) return\n    if (what.news',
        replace:
          "    if (subject === undefined) return this.#begin('', session, what)\n    if (what.news",
      },
      {
        name: 'damaged records are not reported',
        find: "      if (record === undefined) {\n        await this.#host.report({ type: 'index-damaged' })\n",
        replace: '      if (record === undefined) {\n',
      },
    ],
  },
  {
    file: 'src/contracts/index-record.ts',
    tests: [INDEX],
    mutants: [
      {
        name: 'a record whose instants are no numbers is shown',
        find: '[began, seen, until, kept ?? 0].every(isInstant) &&',
        replace: '[began].every(isInstant) &&',
      },
      {
        name: 'a record whose instants are no dates is shown',
        find: '!Number.isNaN(new Date(value).getTime())',
        replace: 'Number.isFinite(value)',
      },
      {
        name: 'a record with a name that is no key in KV fails the list',
        find: "(typeof ext === 'string' && EXTERNAL.test(ext))",
        replace: "typeof ext === 'string'",
      },
      {
        name: 'a description of any length is recorded',
        find: 'return utf8Length(JSON.stringify(value)) <= LONGEST_DESCRIPTION',
        replace: 'return true',
      },
      {
        name: 'the length of a description is counted in UTF-16',
        find: 'utf8Length(JSON.stringify(value))',
        replace: 'JSON.stringify(value).length',
      },
      {
        name: 'a damaged description is shown',
        find: ' &&\n    (about === undefined || isDescription(about))',
        replace: '',
      },
      {
        name: 'subjects share a name in the index',
        find: 'sha256Hex(subject)\n',
        replace: 'sha256Hex(subject.slice(0, 1))\n',
      },
    ],
  },
  {
    file: 'src/contracts/session-index-store.ts',
    tests: [MEMORY_INDEX, INDEX],
    mutants: [
      {
        name: 'the index in memory lists what has expired',
        find: '.filter(([, { until }]) => until > now())',
        replace: '',
      },
      {
        name: 'the index in memory reads what has expired',
        find: 'entry !== undefined && entry.until > now() ? JSON',
        replace: 'entry !== undefined ? JSON',
      },
      {
        name: 'the index in memory drops what is still needed',
        find: 'if (until <= swept) entries.delete(family)',
        replace: 'if (until >= swept) entries.delete(family)',
      },
      {
        name: 'the index in memory removes nothing',
        find: '      entries?.delete(family)\n',
        replace: '',
      },
    ],
  },
  {
    file: 'src/contracts/stored-data.ts',
    tests: [DATA, MEMORY_DATA],
    mutants: [
      {
        name: 'an entry that is not what was written is accepted',
        find: 'const json = (await digestOf(token)) === digest ? await open(token) : undefined',
        replace: 'const json = await open(token)',
        ci: true,
      },
      {
        name: 'an entry is not sealed',
        find: 'const token = await seal(json)\n',
        replace: 'const token = json\n',
      },
      {
        name: 'an entry that cannot be opened is empty data',
        find: 'if (json === undefined) return this.#damaged()\n',
        replace: "if (json === undefined) return '{}'\n",
      },
      {
        name: 'an entry that may still come is lost',
        find: 'if (age >= IN_TRANSIT) return undefined\n',
        replace: 'if (age >= 0) return undefined\n',
      },
      {
        name: 'an entry is waited for for ever',
        find: 'if (age >= IN_TRANSIT) return undefined\n',
        replace: '',
      },
      {
        name: 'an entry is waited for a millisecond too long',
        find: 'age >= IN_TRANSIT',
        replace: 'age > IN_TRANSIT',
      },
      {
        name: 'an entry goes before the session that points to it, on other clocks',
        find: 'Math.ceil((limit + GRACE - written) / 1000)',
        replace: 'Math.ceil((limit - written) / 1000)',
      },
      {
        name: 'data of any size is written',
        find: 'if (bytes > maxData) throw overMaxData(bytes, maxData, json)',
        replace: '',
      },
      {
        name: 'all entries have one key',
        find: 'const key = encodeBase64url(randomBytes(16))',
        replace: "const key = 'A'.repeat(22)",
      },
      {
        name: 'a write that failed is a success',
        find: "throw this.#unavailable('write', cause)",
        replace: "this.#unavailable('write', cause)",
      },
      {
        name: 'a store that is away is lost data',
        find: "return this.#unavailable('read', cause)",
        replace: "this.#unavailable('read', cause)\n      return undefined",
      },
      {
        name: "with keep: 'always' small data is in the cookie",
        find: " || (this.#options.keep === 'always' && json !== '{}')",
        replace: '',
      },
    ],
  },
]
