import type { Group } from './mutant.ts'

const SESSION = 'test/core/session.test.ts'
const REVOCATION = 'test/core/revocation.test.ts'
const RESPONSES = 'test/core/responses.test.ts'
const TIMEOUTS = 'test/core/timeouts.test.ts'
const ACTIVITY = 'test/core/activity.test.ts'
const OPTIONS = 'test/core/options.test.ts'
const OUTAGES = 'test/outages/outages.test.ts'
const RACE_CASES = 'test/races/cases.test.ts'
const MARKS = 'test/core/marks.test.ts'
const DATA = 'test/core/refused-data.test.ts'
const EVENTS = 'test/core/events.test.ts'
const FINAL = 'test/core/sign-out-is-final.test.ts'
const END_OTHERS = 'test/core/end-others.test.ts'
const MEMORY = 'test/core/isolate-memory.test.ts'
const AUDIENCE = 'test/core/late-and-bound.test.ts'
const WIRE = 'test/core/wire.test.ts'
const MANY = 'test/hostile/many-cookies.test.ts'
const FLASH = 'test/core/flash.test.ts'
const SCHEMA = 'test/core/schema.test.ts'
const STORED = 'test/core/data-store.test.ts'
const EXTERNAL = 'test/core/external.test.ts'
const INDEX = 'test/core/session-index.test.ts'
const FORGED = 'test/hostile/forged-cookies.test.ts'

export const session: readonly Group[] = [
  {
    file: 'src/session/timeouts.ts',
    tests: [TIMEOUTS],
    mutants: [
      {
        name: 'the idle timeout is a millisecond longer',
        find: 'now < idle && now < absolute',
        replace: 'now <= idle && now < absolute',
        ci: true,
      },
      {
        name: 'the absolute timeout is a millisecond longer',
        find: 'now < idle && now < absolute',
        replace: 'now < idle && now <= absolute',
        ci: true,
      },
      {
        name: 'either timeout alone ends nothing',
        find: 'now < idle && now < absolute',
        replace: 'now < idle || now < absolute',
      },
      {
        name: 'the timeout that passed last is the reason',
        find: "return idle < absolute ? 'idle' : 'absolute'",
        replace: "return idle < absolute ? 'absolute' : 'idle'",
      },
      {
        name: 'every session has the timeouts of a remembered one',
        find: 'isRemembered ? remembered : normal',
        replace: 'remembered',
      },
      {
        name: 'activity moves the absolute timeout',
        find: 'limitFrom(iat, remembered, timeouts)) }',
        replace: 'limitFrom(act, remembered, timeouts)) }',
        tests: [WIRE],
      },
      {
        name: 'a longer absolute timeout lengthens a session that is there',
        find: 'Math.min(limit, limitFrom(iat, remembered, timeouts))',
        replace: 'limitFrom(iat, remembered, timeouts)',
        tests: [FINAL],
        ci: true,
      },
      {
        name: 'a shorter absolute timeout does not act at once',
        find: 'Math.min(limit, limitFrom(iat, remembered, timeouts))',
        replace: 'limit',
        tests: [FINAL],
      },
      {
        name: 'the idle timeout counts from the beginning',
        find: 'idle: act + idle,',
        replace: 'idle: iat + idle,',
      },
      {
        name: 'sub-keys are dropped before the longest life is over',
        find: 'Math.max(normal.absolute, remembered.absolute)',
        replace: 'Math.min(normal.absolute, remembered.absolute)',
      },
      {
        name: 'touchAfter may be the idle timeout',
        find: 'if (touchAfter >= idle)',
        replace: 'if (touchAfter > idle)',
        tests: [TIMEOUTS, OPTIONS],
      },
      {
        name: 'touchAfter may be longer than the shorter idle timeout',
        find: 'Math.min(normal.idle, remembered.idle)',
        replace: 'Math.max(normal.idle, remembered.idle)',
        tests: [TIMEOUTS, OPTIONS],
      },
      {
        name: 'an idle timeout of zero is accepted',
        find: '(`${prefix}idleTimeout`, idleTimeout, 1)',
        replace: '(`${prefix}idleTimeout`, idleTimeout, 0)',
        tests: [OPTIONS],
      },
    ],
  },
  {
    file: 'src/session/candidates.ts',
    tests: [TIMEOUTS, RESPONSES, MANY, SESSION, FORGED],
    mutants: [
      {
        name: 'the oldest session wins',
        find: 'b.iat - a.iat || b.act - a.act',
        replace: 'a.iat - b.iat || b.act - a.act',
        ci: true,
      },
      {
        name: 'within a session the earlier write wins',
        find: 'b.iat - a.iat || b.act - a.act',
        replace: 'b.iat - a.iat || a.act - b.act',
      },
      {
        name: 'an activity cookie of another session counts',
        find: 'known.filter(({ sid }) => sid === session.sid)',
        replace: 'known',
      },
      {
        name: 'activity from the future counts',
        find: 'notFromFuture(now, act, chk, bound === true ? undefined : bound),',
        replace: 'true || [act, chk, bound],',
        ci: true,
      },
      {
        name: 'a check from the future counts',
        find: 'notFromFuture(now, act, chk, bound',
        replace: 'notFromFuture(now, act, chk && undefined, bound',
      },
      {
        name: 'a session from the future counts',
        find: 'notFromFuture(now, claims.iat, sealedAct, claims.kept)',
        replace: 'notFromFuture(now, sealedAct, claims.kept)',
      },
      {
        name: 'an activity from the future in the session cookie counts',
        find: 'notFromFuture(now, claims.iat, sealedAct, claims.kept)',
        replace: 'notFromFuture(now, claims.iat, claims.kept)',
      },
      {
        name: 'a session kept in the future counts',
        find: 'notFromFuture(now, claims.iat, sealedAct, claims.kept)',
        replace: 'notFromFuture(now, claims.iat, sealedAct)',
      },
      {
        name: 'timeouts are not looked at',
        find: '  return timedOut(claims, now, timeouts)\n',
        replace: '  return undefined\n',
        ci: true,
      },
      {
        name: 'a session of another audience counts',
        find: "if (isBound && claims.audience !== audience) return 'invalid'",
        replace: '',
        tests: [AUDIENCE],
      },
      {
        name: 'a session that began before the audience was switched on ends',
        find: 'audience !== undefined && claims.audience !== undefined',
        replace: 'audience !== undefined',
        tests: [AUDIENCE],
      },
      {
        name: 'an older activity cookie overrules the session cookie',
        find: 'Math.max(session.act, activity?.act ?? 0)',
        replace: 'activity?.act ?? session.act',
      },
      {
        name: 'the activity cookie is not looked at',
        find: 'Math.max(session.act, activity?.act ?? 0)',
        replace: 'session.act',
      },
      {
        name: 'the earliest of several activity cookies counts',
        find: 'next.act > last.act',
        replace: 'next.act < last.act',
      },
      {
        name: 'the cookie that got least far gives the reason',
        find: 'PROGRESS.findLast(',
        replace: 'PROGRESS.find(',
      },
    ],
  },
  {
    file: 'src/session/claims.ts',
    tests: [FORGED, SESSION, RESPONSES, TIMEOUTS, REVOCATION],
    mutants: [
      {
        name: 'the clock may be wrong by an hour',
        find: 'instant <= now + CLOCK_TOLERANCE',
        replace: 'instant <= now + 60 * CLOCK_TOLERANCE',
        ci: true,
      },
      {
        name: 'an instant at the tolerance is from the future',
        find: 'instant <= now + CLOCK_TOLERANCE',
        replace: 'instant < now + CLOCK_TOLERANCE',
      },
      {
        name: 'one instant of several may be from the future',
        find: 'instants.every(',
        replace: 'instants.some(',
      },
      {
        name: 'the family is not sealed',
        find: 'fam: family === sid ? undefined : family,',
        replace: '',
        tests: [REVOCATION, WIRE],
        ci: true,
      },
      {
        name: 'the audience is not sealed',
        find: 'aud: claims.audience,',
        replace: '',
        tests: [WIRE, AUDIENCE],
      },
      {
        name: 'the check is not sealed',
        find: 'chk: chk && chk / 1000,\n',
        replace: '\n',
        tests: [WIRE],
      },
      {
        name: 'that a session is remembered is not sealed',
        find: 'rem: claims.remembered || undefined,',
        replace: '',
        tests: [WIRE],
      },
      {
        name: 'a session without a limit is accepted',
        find: 'isInstant(lim) &&\n',
        replace: '',
      },
      {
        name: 'an audience of another form is accepted',
        find: 'isLeftOutOr(isSubject, aud) &&\n',
        replace: '',
      },
      {
        name: 'what the session survived is not sealed',
        find: 'kept: kept && kept / 1000,',
        replace: '',
        tests: [FORGED, WIRE],
      },
      {
        name: 'instants have whole seconds',
        find: 'Math.round(seconds * 1000)',
        replace: 'Math.floor(seconds) * 1000',
        tests: [FORGED, WIRE],
      },
      { name: 'a sid of another form is accepted', find: 'isSid(sid) &&\n', replace: '' },
      { name: 'a family of another form is accepted', find: 'isSid(fam) &&\n', replace: '' },
      {
        name: 'a beginning that is no instant is accepted',
        find: 'isInstant(iat) &&\n',
        replace: '',
      },
      {
        name: 'an activity that is no instant is accepted',
        find: '      isInstant(act) &&\n',
        replace: '',
      },
      {
        name: 'a kept that is no instant is accepted',
        find: 'isLeftOutOr(isInstant, kept) &&\n',
        replace: '',
      },
      {
        name: 'a subject that is no text is accepted',
        find: 'isLeftOutOr(isSubject, sub) &&\n',
        replace: '',
      },
      {
        name: 'anything is taken for remembered',
        find: 'isLeftOutOr(isTrue, rem) &&\n',
        replace: '',
      },
      {
        name: 'anything is taken for a version',
        find: 'isLeftOutOr(isVersion, v) &&\n',
        replace: '',
      },
      {
        name: 'a version may be zero',
        find: 'value >= 1',
        replace: 'value >= 0',
      },
      {
        name: 'the version of data is not sealed',
        find: 'v: claims.version,\n',
        replace: '',
        tests: [WIRE],
      },
      {
        name: 'data that is no object is accepted',
        find: 'isObject(d)\n',
        replace: 'true\n',
      },
      {
        name: 'an empty subject is accepted',
        find: "value !== '' && ",
        replace: '',
      },
      {
        name: 'a subject without a UTF-8 form is accepted',
        find: ' && value.isWellFormed()',
        replace: '',
      },
      {
        name: 'a sid may be of any length',
        find: '/^[\\w-]{22}$/',
        replace: '/^[\\w-]+$/',
      },
      {
        name: 'a sid may hold anything',
        find: '/^[\\w-]{22}$/',
        replace: '/^.{22}$/',
      },
      {
        name: 'an instant may be negative',
        find: ' && value >= 0',
        replace: '',
      },
      {
        name: 'an activity cookie of another form is accepted',
        find: 'if (!isSid(sid) || !isInstant(act) || !isLeftOutOr(isInstant, chk)) return undefined',
        replace: '',
      },
    ],
  },
  {
    file: 'src/session/families.ts',
    tests: [SESSION, MARKS, REVOCATION, RESPONSES, TIMEOUTS, OUTAGES, FINAL, END_OTHERS, EVENTS],
    mutants: [
      {
        name: 'a sign-in goes on though the live session could not be ended',
        find: 'if (current !== undefined) await this.#record(current)',
        replace: 'if (current !== undefined) await this.#record(current).catch(() => {})',
        ci: true,
      },
      {
        name: 'a sign-in ends only the session that counts',
        find: 'const ending = Promise.allSettled(others.map((family) => this.#end(family)))',
        replace: 'const ending = undefined',
      },
      {
        name: 'a sign-in ends only the sessions that do not count',
        find: 'if (current !== undefined) await this.#record(current)',
        replace: '',
      },
      {
        name: 'destroy records nothing',
        find: 'await Promise.allSettled(this.#take().map((family) => this.#end(family)))',
        replace: 'await Promise.allSettled(this.#take().map(async () => {}))',
        ci: true,
      },
      {
        name: 'destroy ends one session of several',
        find: 'this.#take().map((family) => this.#end(family)))\n    const failed',
        replace: 'this.#take().slice(0, 1).map((family) => this.#end(family)))\n    const failed',
      },
      {
        name: 'a destroy that could not be recorded is a success',
        find: 'if (failed !== undefined) throw failed.reason',
        replace: '',
        ci: true,
      },
      {
        name: 'a family is ended without a word of the binding',
        find: 'if ((await this.#binding?.mayEnd(family.family)) === false) return\n',
        replace: '',
        tests: ['test/binding/bound.test.ts'],
      },
      {
        name: 'what could not be recorded goes on here',
        find: '      this.#config.revocation.endLocally(family.family)\n',
        replace: '',
      },
      {
        name: 'a sign-out is kept for the longest life of anything',
        find: "record({ scope: 'session', sid: family }, { family, limit })",
        replace: "record({ scope: 'session', sid: family }, { family })",
      },
      {
        name: 'a session that signed out stays on the list of sessions',
        find: '    index?.left(left)\n',
        replace: '',
        tests: [INDEX],
      },
    ],
  },
  {
    file: 'src/session/seal-claims.ts',
    tests: [SESSION, MARKS, REVOCATION, RESPONSES, TIMEOUTS, OUTAGES, FINAL, END_OTHERS, EVENTS],
    mutants: [
      {
        name: 'a session that is too large is set all the same',
        find: 'if (token.length <= cookies.session.maxTokenLength) return { claims, token }',
        replace: 'return { claims, token }',
      },
      {
        name: 'data that does not fit is not stored',
        find: 'const store = claims.ref === undefined ? dataStore : undefined',
        replace: 'const store = dataStore === undefined ? dataStore : undefined',
        tests: [STORED],
      },
    ],
  },
  {
    file: 'src/session/state.ts',
    tests: [SESSION, MARKS, REVOCATION, RESPONSES, TIMEOUTS, OUTAGES, FINAL, END_OTHERS, EVENTS],
    mutants: [
      {
        name: 'a sign-in ends nothing',
        find: '      await this.#families.leave(before?.family)\n',
        replace: '',
      },
      {
        name: "another subject's data is kept",
        find: 'replacesSubject ? await this.#freshData() : this.#data',
        replace: 'this.#data',
        ci: true,
      },
      {
        name: 'another subject is remembered too',
        find: 'remember ?? (isSame && before.remembered)',
        replace: 'remember ?? before?.remembered ?? false',
      },
      {
        name: 'endOthers records nothing',
        find: "if (since !== undefined) await revocation.record({ scope: 'since', subject }, { mark: since })",
        replace: '',
      },
      {
        name: 'endOthers begins before its mark',
        find: '...this.#fresh(subject, remembered, since),',
        replace: '...this.#fresh(subject, remembered, undefined),',
      },
      {
        name: 'endOthers writes the mark of operators',
        find: "revocation.record({ scope: 'since', subject }, { mark: since })",
        replace: "revocation.record({ scope: 'subject', subject }, { mark: since })",
      },
      {
        name: 'regenerate does not revoke the sid that it leaves',
        find: "        await this.#config.revocation.record({ scope: 'replaced', sid }, { family, limit })\n",
        replace: '',
        ci: true,
      },
      {
        name: 'regenerate ends the family',
        find: "record({ scope: 'replaced', sid }, { family, limit })",
        replace: "record({ scope: 'session', sid }, { family, limit })",
      },
      {
        name: 'regenerate keeps the sid',
        find: 'const { family, limit } = this.#claims\n    const next = { ...this.#claims, sid: generateSid(), act: this.act() }',
        replace:
          'const { family, limit } = this.#claims\n    const next = { ...this.#claims, act: this.act() }',
      },
      {
        name: 'regenerate begins a new family',
        find: 'const { family, limit } = this.#claims\n    const next = { ...this.#claims, sid',
        replace:
          'const { family, limit } = this.#claims\n    const next = { ...this.#claims, family: generateSid(), sid',
      },
      {
        name: 'regenerate lengthens the session',
        find: 'const { family, limit } = this.#claims\n    const next = { ...this.#claims, sid',
        replace:
          'const { family, limit } = this.#claims\n    const next = { ...this.#claims, iat: this.act(), limit: limit + 3_600_000, sid',
      },
      {
        name: 'signOutOthers asks no list',
        find: 'await this.recheck()\n    if (this.#claims === undefined) throw',
        replace: 'if (this.#claims === undefined) throw',
        ci: true,
      },
      {
        name: 'signOutOthers goes on with a session that is over',
        find: "if (this.#claims === undefined) throw new SessionError('ended', 'the session was revoked')",
        replace: 'if (this.#claims === undefined) return',
      },
      {
        name: 'max(mark, kept) dropped',
        find: 'Math.max(revocation.nextOthers(subject), kept)',
        replace: 'revocation.nextOthers(subject)',
        tests: [MARKS, RACE_CASES],
        ci: true,
      },
      {
        name: 'signOutOthers ends the session itself',
        find: 'kept: mark + 1',
        replace: 'kept: mark',
      },
      {
        name: 'signOutOthers keeps the sid',
        find: 'sid: generateSid(), kept: mark + 1',
        replace: 'kept: mark + 1',
      },
      {
        name: 'signOutOthers records nothing',
        find: 'await this.#moveTo(next, this.#data, () => revocation.record(target, { mark }))',
        replace: 'await this.#moveTo(next, this.#data)',
      },
      {
        name: 'recheck lets a session go on that could not be verified',
        find: "if (verdict.status === 'unavailable') throw verdict.error",
        replace: "if (verdict.status === 'unavailable') return",
        ci: true,
      },
      {
        name: 'a session found revoked stays',
        find: '    this.#claims = undefined\n    this.#heldSid = undefined\n    this.#token = undefined\n',
        replace: '    this.#heldSid = undefined\n',
      },
      {
        name: 'data of a session found revoked can still be read',
        find: 'this.#ended = reason\n    this.#replaceData(await this.#freshData())',
        replace: 'this.#ended = reason',
      },
      {
        name: 'a session found revoked is no event',
        find: "    await this.#config.report({ type: 'ended', reason }, this.#claims.family)\n",
        replace: '',
        tests: [MARKS],
      },
      {
        name: 'a check is dropped by the next activity cookie',
        find: '{ sid, act, chk: this.activity.chk, bound',
        replace: '{ sid, act, chk: undefined, bound',
        tests: [REVOCATION, WIRE],
      },
      {
        name: 'a check is renewed though the list was not asked',
        find: '{ sid, act, chk: this.activity.chk, bound',
        replace: '{ sid, act, chk: act, bound',
        tests: [REVOCATION],
      },
      {
        name: 'the session is left before its successor is sealed',
        find: '    let sealed: SealedClaims\n',
        replace: '    await leave?.()\n    let sealed: SealedClaims\n',
      },
      {
        name: 'the session is moved before the old one has ended',
        find: '    await leave?.()\n    this.#claims = sealed.claims\n    this.#token = sealed.token\n',
        replace:
          '    this.#claims = sealed.claims\n    this.#token = sealed.token\n    await leave?.()\n',
      },
      {
        name: 'a remembered session is gone before the server can say why it ended',
        find: 'Math.ceil(left / 1000) + DAY)',
        replace: 'Math.ceil(left / 1000))',
      },
      {
        name: 'a remembered session outlives 400 days',
        find: 'Math.min(LONGEST_LIFE, Math.ceil(left / 1000) + DAY)',
        replace: 'Math.ceil(left / 1000) + DAY',
      },
      {
        name: 'every session outlives the browser',
        find: 'if (!this.#claims?.remembered) return undefined',
        replace: 'if (this.#claims === undefined) return undefined',
      },
      {
        name: 'Max-Age does not shrink',
        find: 'deadlines(this.#claims, timeouts).absolute - now()',
        replace: 'deadlines(this.#claims, timeouts).absolute - this.#claims.iat',
      },
      {
        name: 'data in the store is written again for every seal',
        find: 'if (next.ref === undefined || data.isChanged()) json = data.json()',
        replace: 'json = data.json()',
        tests: [STORED],
      },
      {
        name: 'a change of stored data is not sealed',
        find: 'if (next.ref === undefined || data.isChanged()) json = data.json()',
        replace: 'if (next.ref === undefined) json = data.json()',
        tests: [STORED],
        ci: true,
      },
      {
        name: 'the session goes on pointing to data from before',
        find: '{ ...next, ref: undefined, version, json: await',
        replace: '{ ...next, version, json: await',
        tests: [STORED],
      },
      {
        name: 'data is not sealed with its version',
        find: '{ ...next, ref: undefined, version, json: await',
        replace: '{ ...next, ref: undefined, json: await',
        tests: [SCHEMA],
        ci: true,
      },
      {
        name: 'stored data gets a version that it does not have',
        find: "? { ...next, json: '{}' }",
        replace: "? { ...next, version, json: '{}' }",
        tests: [SCHEMA],
      },
      {
        name: 'the data of another subject gives way to none, without defaults',
        find: 'replacesSubject ? await this.#freshData() : this.#data',
        replace: "replacesSubject ? new SessionData('{}') : this.#data",
        tests: [SCHEMA],
      },
      {
        name: 'a session that is found revoked has no defaults',
        find: 'this.#replaceData(await this.#freshData())',
        replace: "this.#replaceData(new SessionData('{}'))",
        tests: [SCHEMA],
      },
      {
        name: 'the session at an identity provider is not sealed',
        find: 'external: external && (await externalName(external)),',
        replace: '',
        tests: [EXTERNAL],
        ci: true,
      },
      {
        name: 'messages for a subject are shown to the next',
        find: 'if (replacesSubject) flash.drop()',
        replace: '',
        tests: [FLASH],
      },
      {
        name: 'messages of a session found revoked are shown',
        find: '    this.flash.drop()\n    this.#claims = undefined\n    this.#heldSid',
        replace: '    this.#claims = undefined\n    this.#heldSid',
        tests: [FLASH],
      },
      {
        name: 'a session that is bound to nothing begins for an audience',
        find: 'const audience = this.#audience\n',
        replace: 'const audience = undefined\n',
        tests: [AUDIENCE],
      },
    ],
  },
  {
    file: 'src/session/recorded-activity.ts',
    tests: [SESSION, MARKS, REVOCATION, RESPONSES, TIMEOUTS, OUTAGES, FINAL, END_OTHERS, EVENTS],
    mutants: [
      {
        name: 'activity is recorded a millisecond late',
        find: 'now() - act >= timeouts.touchAfter',
        replace: 'now() - act > timeouts.touchAfter',
      },
      {
        name: 'a sign-in keeps the check of the session before',
        find: '    this.chk = iat\n',
        replace: '',
      },
      {
        name: 'a passive request slides',
        find: "(this.mode === 'counted' && isOld)",
        replace: 'isOld',
      },
      {
        name: 'skipTouch sets a cookie all the same',
        find: "(this.#isStale && this.mode !== 'ignored')",
        replace: 'this.#isStale',
      },
      {
        name: 'activity moves back',
        find: 'Math.max(claims.act, now)',
        replace: 'now',
      },
    ],
  },
  {
    file: 'src/session/load.ts',
    tests: [SESSION, DATA, RESPONSES, REVOCATION, FORGED, OUTAGES, FINAL],
    mutants: [
      {
        name: 'the family dropped for data',
        find: "return none('data', families)",
        replace: "return none('data')",
      },
      {
        name: 'the family dropped for revoked',
        find: "return none('revoked', families)",
        replace: "return none('revoked')",
        ci: true,
      },
      {
        name: 'the family dropped for idle',
        find: 'return none(chosen, families)',
        replace: 'return none(chosen)',
      },
      {
        name: 'the family dropped for locked',
        find: 'return locked(verdict.error, families)',
        replace: 'return locked(verdict.error)',
      },
      {
        name: 'what the list says is ignored at load',
        find: "if (verdict.status === 'revoked') return none('revoked', families)",
        replace: '',
      },
      {
        name: 'a session that could not be verified goes on',
        find: "if (verdict.status === 'unavailable') return locked(verdict.error, families)",
        replace: '',
        ci: true,
      },
      {
        name: 'the check of the activity cookie is not looked at',
        find: 'revocation.check(claims, activity?.chk)',
        replace: 'revocation.check(claims, undefined)',
      },
      {
        name: 'the schema is not asked at load',
        find: 'return data.accept(await data.migrate(stored, version)).catch(refusedBySchema)',
        replace: 'return data.migrate(stored, version)',
      },
      {
        name: 'stored data is not put through the schema',
        find: "if (typeof stored !== 'string') return stored",
        replace: "if (typeof stored !== 'string' || ref !== undefined) return stored",
        tests: [STORED],
      },
      {
        name: 'data that is lost is empty data',
        find: "if (data === undefined) return none('data', families)\n  const session",
        replace:
          "if (data === undefined && ref === undefined) return none('data', families)\n  const session",
        tests: [STORED],
      },
      {
        name: 'an error of the schema itself is taken for a refusal',
        find: 'if (!(error instanceof SessionError)) throw error\n}\n',
        replace: '}\n',
      },
      {
        name: 'keys that are away are an anonymous session',
        find: 'if (ring instanceof SessionError) return locked(ring)',
        replace: 'if (ring instanceof SessionError) return none()',
      },
      {
        name: 'an expired seal is a reason of its own',
        find: "fault === 'expired' ? 'absolute' : fault",
        replace: "fault === 'expired' ? 'invalid' : fault",
      },
    ],
  },
  {
    file: 'src/session/requests.ts',
    tests: [MEMORY, SESSION],
    mutants: [
      {
        name: 'a request after many others gives another session',
        find: 'return found?.[1] ?? this.#older.get(request)',
        replace: 'return found?.[1]',
      },
      {
        name: 'a second load of a request gives another session',
        find: 'return found?.[1] ?? this.#older.get(request)',
        replace: 'return this.#older.get(request)',
      },
      {
        name: 'one request is taken for another',
        find: 'this.#underWay.find(([other]) => other === request)',
        replace: 'this.#underWay.find(([other]) => other.url === request.url)',
      },
      {
        name: 'a committed session stays under way',
        find: 'else this.#underWay.splice(at, 1)',
        replace: '',
      },
      {
        name: 'a request that is committed late makes another one be forgotten',
        find: 'if (at === -1) this.#older.delete(request)\n    else',
        replace: '',
      },
    ],
  },
  {
    file: 'src/session/manager.ts',
    tests: [SESSION, RESPONSES, REVOCATION, END_OTHERS],
    mutants: [
      {
        name: 'the session of another manager is committed',
        find: 'if (!(session instanceof RequestSession && session.isOf(config))) {',
        replace: 'if (!(session instanceof RequestSession)) {',
      },
    ],
  },
  {
    file: 'src/session/session.ts',
    tests: [SESSION, OUTAGES, RESPONSES],
    mutants: [
      {
        name: 'a locked session can be used',
        find: '    throw this.#locked\n',
        replace: '    return this.#state\n',
        ci: true,
      },
      {
        name: 'a session can be changed after commit',
        find: "if (this.#status === 'committed') throw committed()\n    if (this.#status === 'open')",
        replace: "if (this.#status !== 'destroyed')",
      },
      {
        name: 'destroy after commit is lost',
        find: "if (this.#status === 'committed') return Promise.reject(committed())\n    this.#destroying",
        replace: 'this.#destroying',
      },
      {
        name: 'a destroyed session can be changed',
        find: "if (this.#status === 'open') return state",
        replace: 'return state',
      },
      {
        name: 'without keys destroy is a success',
        find: "if (this.#locked?.code === 'keys-unavailable') throw this.#locked",
        replace: '',
      },
      {
        name: 'a destroyed session keeps its cookies',
        find: 'this.#hasCookies ? this.#state.cleared() : NOTHING',
        replace: 'NOTHING',
      },
      {
        name: 'data can be changed in vain after commit',
        find: "this.#status = 'committed'\n    this.#state.data.freeze()",
        replace: "this.#status = 'committed'",
      },
      {
        name: 'commit does not wait for calls that nobody awaited',
        find: 'await this.#calls.settle()',
        replace: '',
        ci: true,
      },
      {
        name: 'looking at a session does not make the answer vary',
        find: '  #look(): SessionState {\n    this.used = true',
        replace: '  #look(): SessionState {',
      },
    ],
  },
  {
    file: 'src/session/activity.ts',
    tests: [TIMEOUTS, OPTIONS, ACTIVITY],
    mutants: [
      {
        name: 'a prefetch counts as activity',
        find: '!isPrefetch(request) && isActivity(request)',
        replace: 'isActivity(request)',
      },
      {
        name: "another site's picture counts as activity",
        find: "if (headers.get('Sec-Fetch-Site') !== 'cross-site') return true",
        replace: 'if (headers !== undefined) return true',
        ci: true,
      },
      {
        name: "another site's frame counts as activity",
        find: " && headers.get('Sec-Fetch-Dest') === 'document'",
        replace: '',
      },
      {
        name: "another site's request for a document counts as activity",
        find: "headers.get('Sec-Fetch-Mode') === 'navigate' && ",
        replace: '',
      },
      {
        name: 'every other site counts as activity',
        find: "isDocument || origins.has(headers.get('Origin') ?? '')",
        replace: 'true',
      },
      {
        name: 'a request that says it is passive counts as activity',
        find: "headers.get('Session-Activity')?.toLowerCase() !== 'passive'",
        replace: 'headers !== undefined',
      },
    ],
  },
  {
    file: 'src/session/external.ts',
    tests: [EXTERNAL],
    mutants: [
      {
        name: 'a session of another provider has the same name',
        find: 'JSON.stringify([issuer, sid])',
        replace: 'JSON.stringify([sid])',
        ci: true,
      },
      {
        name: 'the names of a provider and its session run together',
        find: 'JSON.stringify([issuer, sid])',
        replace: 'issuer + sid',
      },
      {
        name: 'a session at a provider may have no sid',
        find: "  assertSubject(sid, 'its sid')\n",
        replace: '',
      },
      {
        name: 'a provider may have no name',
        find: "  assertSubject(issuer, 'an issuer')\n",
        replace: '',
      },
    ],
  },
  {
    file: 'src/session/flash.ts',
    tests: [FLASH],
    mutants: [
      {
        name: 'messages of another session are shown',
        find: '      .filter((one) => !isBound(one) || one.family === family)\n',
        replace: '',
        ci: true,
      },
      {
        name: 'messages of another audience are shown',
        find: 'one.audience === audience && ',
        replace: '',
      },
      {
        name: 'messages live for ever',
        find: ' && Math.abs(now - one.iat) < LIFE)',
        replace: ')',
      },
      {
        name: 'messages live a millisecond too long',
        find: 'Math.abs(now - one.iat) < LIFE',
        replace: 'Math.abs(now - one.iat) <= LIFE',
      },
      {
        name: 'the cookie of messages stays',
        find: 'flash.write(await flash.seal(claims, await config.ring(), config.now()), LIFE / 1000)',
        replace: 'flash.write(await flash.seal(claims, await config.ring(), config.now()))',
      },
      {
        name: 'messages are shown again and again',
        find: '    this.#added = []\n    this.drop()\n',
        replace: '    this.#added = []\n',
      },
      {
        name: 'taken messages stay in the browser',
        find: 'this.#isGone && header.includes(`${flash.name}=`) ? flash.clear() : undefined',
        replace: 'undefined',
      },
      {
        name: 'messages of any size are set',
        find: 'if (bytes > MAX_BYTES) {',
        replace: 'if (bytes < 0) {',
      },
      {
        name: 'old messages leave no room for new ones',
        find: '    while (sizeOf(messages) > MAX_BYTES) messages.shift()\n',
        replace: '',
      },
      {
        name: 'the oldest of several cookies of messages counts',
        find: '.sort((a, b) => b.iat - a.iat)[0]',
        replace: '.sort((a, b) => a.iat - b.iat)[0]',
      },
      {
        name: "a message changes with the handler's object",
        find: "JSON.parse(toJson({ name, data }, 'flash'))",
        replace: "{ name, data, text: toJson({ name, data }, 'flash') } as FlashMessage",
      },
    ],
  },
  {
    file: 'src/session/revoke.ts',
    tests: [EXTERNAL, SESSION, REVOCATION, END_OTHERS],
    mutants: [
      {
        name: 'revokeSession takes any text',
        find: 'if (!isSid(sid)) {',
        replace: "if (typeof sid !== 'string') {",
      },
      {
        name: 'revokeSubject takes any text',
        find: 'async revokeSubject(subject: string, options: RevokeOptions = {}) {\n      assertSubject(subject)\n',
        replace: 'async revokeSubject(subject: string, options: RevokeOptions = {}) {\n',
      },
      {
        name: 'revokeSubject records the mark that a later one of the subject replaces',
        find: "isNow ? 'subject' : 'since'",
        replace: "'others'",
      },
      {
        name: 'revokeSubject lifts the bar of an operator',
        find: 'mark === undefined && !(await mayBeBarred(subject))',
        replace: 'mark === undefined && (await mayBeBarred(subject), true)',
      },
      {
        name: 'revokeSubject lifts a bar that it could not read',
        find: 'marks === undefined || mark ===',
        replace: 'mark ===',
      },
      {
        name: 'revokeSubject does not read the mark of endOthers',
        find: "['subject', 'since', 'others'] as const",
        replace: "['subject', 'others'] as const",
      },
      {
        name: 'revokeSubject does not read the mark of others',
        find: "['subject', 'since', 'others'] as const",
        replace: "['subject', 'since'] as const",
      },
      {
        name: 'a clock that is ahead ends later sign-ins',
        find: 'return Math.min(instant, now)',
        replace: 'return instant',
      },
      {
        name: 'an instant that is no date is now',
        find: 'if (instant >= 0) return',
        replace: 'if (!(instant < 0)) return',
      },
      {
        name: 'before is not looked at for a session at a provider',
        find: "{ scope: 'external', session }, { mark: instantOf(options, now()) })",
        replace: "{ scope: 'external', session }, { mark: undefined })",
      },
      {
        name: 'revokeSubject with before goes over the mark of an operator',
        find: "isNow ? 'subject' : 'since'",
        replace: "'subject'",
      },
    ],
  },
  {
    file: 'src/session/schema.ts',
    tests: [SCHEMA, SESSION],
    mutants: [
      {
        name: 'data of a later version is migrated',
        find: 'sealed >= version',
        replace: 'sealed === version',
      },
      {
        name: 'data of this version is migrated',
        find: 'sealed >= version',
        replace: 'sealed > version',
      },
      {
        name: 'migrate may give nothing',
        find: "typeof data !== 'object' || data === null",
        replace: 'false',
      },
      {
        name: 'a schema that answers later has no defaults',
        find: 'return freshJson(await result)',
        replace: "return answersAtOnce ? freshJson(await result) : '{}'",
      },
      {
        name: 'the defaults are made for every request',
        find: 'if (answersAtOnce) {',
        replace: 'if (schema === undefined) {',
      },
      {
        name: 'a schema that refuses {} fails every request',
        find: 'return () => {\n          throw error\n        }',
        replace: 'throw error',
      },
      {
        name: 'a schema that refuses {} is taken for one without defaults',
        find: 'if (result.issues === undefined) return objectToJson(result.value)',
        replace:
          "if (result.issues !== undefined) return '{}'\n  return objectToJson(result.value)",
      },
      {
        name: 'the issues of a refusal are lost',
        find: 'issues: withoutValues(issues, json),',
        replace: '',
      },
    ],
  },
  {
    file: 'src/session/schema-issues.ts',
    tests: [SCHEMA],
    mutants: [
      {
        name: 'messages may repeat a value',
        find: 'if (message.includes(value)) return true',
        replace: '',
        ci: true,
      },
      {
        name: 'messages may repeat a piece of a value',
        find: 'if (beginning.includes(message.slice(at, at + PIECE))) return true',
        replace: '',
      },
      {
        name: 'any amount of text is searched',
        find: 'json.length > MOST_SEARCHED || ',
        replace: '',
      },
      {
        name: 'messages may repeat a value in capitals',
        find: '.toLowerCase()',
        replace: '',
      },
      {
        name: 'messages may repeat a value as JSON writes it',
        find: '.add(wordsOf(JSON.stringify(value)))',
        replace: '',
      },
      {
        name: 'a part of a word is taken for a value',
        find: "` ${text\n    .toLowerCase()\n    .replace(/[^\\p{L}\\p{N}]+/gu, ' ')\n    .trim()} `",
        replace: "text.toLowerCase().replace(/[^\\p{L}\\p{N}]+/gu, ' ').trim()",
      },
      {
        name: 'there are any number of issues',
        find: 'issues.slice(0, MOST)',
        replace: 'issues',
      },
      {
        name: 'a message may be of any length',
        find: 'issue.message.slice(0, LONGEST)',
        replace: 'issue.message',
      },
    ],
  },
  {
    file: 'src/session/resolve-options.ts',
    tests: [OPTIONS, TIMEOUTS, OUTAGES],
    mutants: [
      {
        name: 'stored data and session cookies share keys',
        find: "const use = { kind: 'data', name",
        replace: "const use = { kind: 'cookie', name",
        tests: [STORED, WIRE],
      },
      {
        name: 'stored data of another app opens',
        find: "const use = { kind: 'data', name } as const",
        replace: "const use = { kind: 'data', name: 'x' } as const",
        tests: [STORED, WIRE],
      },
      {
        name: 'a rejection of an async onEvent is unhandled',
        find: 'call().catch(() => {})',
        replace: 'void call()',
        tests: [EVENTS],
      },
      // Not here: stored data that opens however old it is. Data is never older than its session, and
      // the session has ended by then.
      {
        name: 'without a list none is used',
        find: "if (list === 'none') return",
        replace: "if (list === 'none' || list === undefined) return",
        ci: true,
      },
      {
        name: 'a check is trusted for an hour by default',
        find: 'recheckAfter = 60,',
        replace: 'recheckAfter = 3_600,',
        tests: [REVOCATION],
      },
      {
        name: 'a list that is away is forgiven for a day by default',
        find: 'staleIfError = 300,',
        replace: 'staleIfError = 86_400,',
      },
      {
        name: 'a list may take a minute by default',
        find: 'staleIfError = 300, revocationTimeout = 2 }',
        replace: 'staleIfError = 300, revocationTimeout = 60 }',
      },
      {
        name: 'a misspelt option is a default unawares',
        find: "onlyMembers('the options of createSessionManager', options, NAMES)",
        replace: '',
      },
    ],
  },
  {
    file: 'src/session/handle.ts',
    tests: ['test/core/handle.test.ts'],
    mutants: [
      {
        name: 'a framework hides that the list is away',
        find: 'given?.status === 500 ? answerTo(session.failure, given) : undefined',
        replace: 'undefined',
        ci: true,
      },
      {
        name: "the app's own answer is replaced",
        find: 'given?.status === 500 ? answerTo',
        replace: 'given?.status >= 500 ? answerTo',
      },
      {
        name: 'a redirect that is thrown is an error',
        find: 'error instanceof Response ? error : answerTo',
        replace: 'answerTo',
      },
      {
        name: 'a sign-out that failed clears no cookies',
        find: 'return commit(session, rest).catch(() => rest)',
        replace: 'return rest',
      },
    ],
  },
  {
    file: 'src/session/session.ts',
    tests: ['test/core/handle.test.ts'],
    mutants: [
      {
        name: 'that the keys or the list are away is not noted',
        find: '    this.#failure = this.#locked\n',
        replace: '',
      },
      {
        name: 'that the data store is away is not noted',
        find: '      this.#failure = error\n',
        replace: '',
      },
      {
        name: 'that a call failed is not noted',
        find: 'return this.#failure ?? this.#calls.failure',
        replace: 'return this.#failure',
      },
    ],
  },
]
