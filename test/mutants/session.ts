import type { Group } from './mutant.ts'

const SESSION = 'test/core/session.test.ts'
const REVOCATION = 'test/core/revocation.test.ts'
const RESPONSES = 'test/core/responses.test.ts'
const TIMEOUTS = 'test/core/timeouts.test.ts'
const ROTATION = 'test/core/rotation.test.ts'
const OPTIONS = 'test/core/options.test.ts'
const OUTAGES = 'test/outages/outages.test.ts'
const RACES = 'test/core/session.test.ts' /*TEMP*/
const MANY = 'test/hostile/many-cookies.test.ts'
const FORGED = 'test/hostile/forged-cookies.test.ts'
const REUSE = 'test/hostile/reuse.test.ts'
const PAYLOADS = FORGED

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
        find: 'remembered ? timeouts.remembered : timeouts.normal',
        replace: 'timeouts.remembered',
        ci: true,
      },
      {
        name: 'activity moves the absolute timeout',
        find: 'absolute: iat + absolute',
        replace: 'absolute: act + absolute',
        ci: true,
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
        name: 'activity is recorded a millisecond late',
        find: 'now - act >= touchAfter',
        replace: 'now - act > touchAfter',
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
    tests: [RESPONSES, MANY, TIMEOUTS, SESSION, FORGED],
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
        find: 'known.filter(({ sid }) => sid === claims.sid)',
        replace: 'known',
        ci: true,
      },
      {
        name: 'activity from the future counts',
        find: 'activities.filter(({ act, chk }) => notFromFuture(now, act, chk))',
        replace: 'activities',
        ci: true,
      },
      {
        name: 'a check from the future counts',
        find: 'notFromFuture(now, act, chk))',
        replace: 'notFromFuture(now, act))',
      },
      {
        name: 'a session from the future counts',
        find: 'notFromFuture(now, claims.iat, claims.act, claims.kept)',
        replace: 'notFromFuture(now, claims.act, claims.kept)',
      },
      {
        name: 'an activity from the future in the session cookie counts',
        find: 'notFromFuture(now, claims.iat, claims.act, claims.kept)',
        replace: 'notFromFuture(now, claims.iat, claims.kept)',
      },
      {
        name: 'a session kept in the future counts',
        find: 'notFromFuture(now, claims.iat, claims.act, claims.kept)',
        replace: 'notFromFuture(now, claims.iat, claims.act)',
      },
      {
        name: 'timeouts are not looked at',
        find: '? timedOut({ ...claims, act }, now, timeouts)',
        replace: '? undefined',
        ci: true,
      },
      {
        name: 'an older activity cookie overrules the session cookie',
        find: 'Math.max(claims.act, activity?.act ?? 0)',
        replace: 'activity?.act ?? claims.act',
      },
      {
        name: 'the activity cookie is not looked at',
        find: 'Math.max(claims.act, activity?.act ?? 0)',
        replace: 'claims.act',
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
    tests: [PAYLOADS, SESSION, RESPONSES, TIMEOUTS, REVOCATION],
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
        tests: [REVOCATION, PAYLOADS, RACES],
        ci: true,
      },
      {
        name: 'what the session survived is not sealed',
        find: 'kept: kept === undefined ? undefined : kept / 1000,',
        replace: '',
        tests: [PAYLOADS, RACES],
        ci: true,
      },
      {
        name: 'instants have whole seconds',
        find: 'Math.round(seconds * 1000)',
        replace: 'Math.floor(seconds) * 1000',
        tests: [PAYLOADS, RACES],
      },
      {
        name: 'instants are cut off',
        find: 'Math.round(seconds * 1000)',
        replace: 'Math.floor(seconds * 1000)',
        tests: [PAYLOADS],
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
        find: '    isInstant(act) &&\n',
        replace: '',
      },
      {
        name: 'a kept that is no instant is accepted',
        find: '(kept === undefined || isInstant(kept)) &&\n',
        replace: '',
      },
      {
        name: 'a subject that is no text is accepted',
        find: '(sub === undefined || isSubject(sub)) &&\n',
        replace: '',
        ci: true,
      },
      {
        name: 'anything is taken for remembered',
        find: '(rem === undefined || rem === true) &&\n',
        replace: '',
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
        find: 'if (!isSid(sid) || !isInstant(act) || (chk !== undefined && !isInstant(chk))) return undefined',
        replace: '',
      },
    ],
  },
  {
    file: 'src/session/state.ts',
    tests: [SESSION, REVOCATION, RESPONSES, TIMEOUTS, OUTAGES],
    mutants: [
      {
        name: 'a sign-in ends nothing',
        find: 'await this.#end().catch((error) => {',
        replace: 'await Promise.resolve().catch((error) => {',
        ci: true,
      },
      {
        name: 'a sign-in goes on though the old session could not be ended',
        find: 'if (before !== undefined) throw error',
        replace: '',
        ci: true,
      },
      {
        name: "another subject's data is kept",
        find: 'isSame || before?.subject === undefined ? this.#data : new SessionData()',
        replace: 'this.#data',
        ci: true,
      },
      {
        name: 'another subject is remembered too',
        find: 'remember ?? (isSame && before.remembered)',
        replace: 'remember ?? before?.remembered ?? false',
      },
      {
        name: 'a sign-in keeps the check of the session before',
        find: 'this.#chk = this.#claims?.iat',
        replace: '',
      },
      {
        name: 'regenerate does not revoke the sid that it leaves',
        find: 'if (this.#arrived !== undefined) await this.#tools.revocation.leave(this.#arrived)',
        replace: '',
        ci: true,
      },
      {
        name: 'regenerate keeps the sid',
        find: 'const next = { ...this.#claims, sid: generateSid(), act: this.act() }\n    await this.#moveTo(next, this.#data, async () => {\n      if',
        replace:
          'const next = { ...this.#claims, act: this.act() }\n    await this.#moveTo(next, this.#data, async () => {\n      if',
      },
      {
        name: 'signOutOthers asks no list',
        find: 'await this.recheck()\n    if',
        replace: 'if',
        ci: true,
      },
      {
        name: 'max(mark, kept) dropped',
        find: 'Math.max(revocation.mark(), kept)',
        replace: 'revocation.mark()',
        tests: [SESSION, REVOCATION, RACES],
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
        name: 'destroy records nothing',
        find: '    const family = this.#family\n    try {\n      await this.#end()',
        replace: '    const family = this.#family\n    try {\n',
        ci: true,
      },
      {
        name: 'destroy ends nothing here when the list is away',
        find: 'if (family !== undefined) this.#tools.revocation.endHere(family)',
        replace: '',
        ci: true,
      },
      {
        name: 'a destroy that could not be recorded is a success',
        find: 'this.#tools.revocation.endHere(family)\n      throw error',
        replace: 'this.#tools.revocation.endHere(family)',
      },
      {
        name: 'recheck lets a session go on that the list does not know about',
        find: "if (verdict.status === 'unavailable') throw verdict.error",
        replace: "if (verdict.status === 'unavailable') return",
        ci: true,
      },
      {
        name: 'a session found revoked stays',
        find: 'this.#claims = this.#arrived = this.#token = undefined',
        replace: 'this.#arrived = undefined',
        ci: true,
      },
      {
        name: 'a token that was sealed before the session was found revoked is set',
        find: 'this.#claims = this.#arrived = this.#token = undefined',
        replace: 'this.#claims = this.#arrived = undefined',
      },
      {
        name: 'data of a session found revoked can still be read',
        find: "this.#ended = 'revoked'\n    this.#leaveData(new SessionData())",
        replace: "this.#ended = 'revoked'",
      },
      {
        name: 'a check is dropped by the next activity cookie',
        find: 'sealActivity({ sid, act, chk: this.#chk })',
        replace: 'sealActivity({ sid, act, chk: undefined })',
      },
      {
        name: 'a check is renewed though the list was not asked',
        find: 'sealActivity({ sid, act, chk: this.#chk })',
        replace: 'sealActivity({ sid, act, chk: act })',
        tests: [REVOCATION],
        ci: true,
      },
      {
        name: 'the session is left before its successor is sealed',
        find: '    let claims: SessionClaims\n',
        replace: '    await leave?.()\n    let claims: SessionClaims\n',
      },
      {
        name: 'a passive request slides',
        find: "return this.activity === 'counted' && touchDue",
        replace: 'return touchDue',
        ci: true,
      },
      {
        name: 'skipTouch sets a cookie all the same',
        find: "(this.#activityIsStale && this.activity !== 'ignored')",
        replace: 'this.#activityIsStale',
      },
      {
        name: 'activity moves back',
        find: 'Math.max(this.#claims.act, now)',
        replace: 'now',
      },
    ],
  },
  {
    file: 'src/session/manager.ts',
    tests: [SESSION, RESPONSES, REVOCATION, MANY, FORGED, REUSE, ROTATION, TIMEOUTS],
    mutants: [
      {
        name: 'the family dropped for data',
        find: "return none('data', family)",
        replace: "return none('data')",
        ci: true,
      },
      {
        name: 'the family dropped for revoked',
        find: "return none('revoked', family)",
        replace: "return none('revoked')",
        tests: [REVOCATION, SESSION],
        ci: true,
      },
      {
        name: 'the family dropped for locked',
        find: 'error: verdict.error, family }',
        replace: 'error: verdict.error, family: undefined }',
        tests: [OUTAGES],
      },
      {
        name: 'the list is not asked at load',
        find: "if (verdict.status === 'revoked')",
        replace: 'if (verdict.status !== verdict.status)',
        ci: true,
      },
      {
        name: 'any number of cookies is opened',
        find: 'if (++tried > MOST_CANDIDATES) break',
        replace: '',
        ci: true,
      },
      {
        name: 'a cookie of any length is opened',
        find: "fits ? identify(token, cookie.use, keys, hours) : 'malformed'",
        replace: 'identify(token, cookie.use, keys, hours)',
      },
      {
        name: 'a remembered session may have a Max-Age of zero',
        find: 'Math.max(1, Math.ceil(left / 1000))',
        replace: 'Math.floor(left / 1000)',
      },
      {
        name: 'every session outlives the browser',
        find: 'if (!live?.remembered) return',
        replace: 'if (live === undefined) return',
      },
      {
        name: 'Max-Age does not shrink',
        find: 'deadlines(live, timeouts).absolute - now()',
        replace: 'deadlines(live, timeouts).absolute - live.iat',
      },
      {
        name: 'a session that is too large is set all the same',
        find: 'if (token.length > cookies.session.maxTokenLength)\n        throw',
        replace: 'if (token.length < 0)\n        throw',
        ci: true,
      },
      {
        name: 'the keys of another manager commit',
        find: 'if (!(session instanceof RequestSession && session.isOf(tools)))',
        replace: 'if (!(session instanceof RequestSession))',
      },
      {
        name: 'revokeSession takes any text',
        find: 'if (!isSid(sid)) {',
        replace: "if (typeof sid !== 'string') {",
      },
      {
        name: 'revokeSubject takes any text',
        find: '      assertSubject(subject)\n',
        replace: '',
      },
      {
        name: 'the schema is not asked at load',
        find: 'await accept(claims.json).catch(refusedBySchema)',
        replace: 'claims.json',
      },
    ],
  },
  {
    file: 'src/session/session.ts',
    tests: [SESSION, OUTAGES, RESPONSES],
    mutants: [
      {
        name: 'a locked session can be used',
        find: "if (this.#locked !== undefined && this.#status !== 'destroyed') throw this.#locked",
        replace: '',
        ci: true,
      },
      {
        name: 'a session can be changed after commit',
        find: "if (this.#status === 'committed') throw committed()\n    if (this.#status === 'open')",
        replace: "if (this.#status !== 'destroyed')",
      },
      {
        name: 'a call after commit is lost',
        find: "    this.used = true\n    if (this.#status === 'committed') return Promise.reject(committed())\n    return this.#calls",
        replace: '    this.used = true\n    return this.#calls',
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
        ci: true,
      },
      {
        name: 'without keys destroy is a success',
        find: "if (this.#locked?.code === 'keys-unavailable') throw this.#locked",
        replace: '',
      },
      {
        name: 'a destroyed session keeps its cookies',
        find: 'return this.#came ? CLEAR : KEEP',
        replace: 'return KEEP',
        ci: true,
      },
      {
        name: 'data can be changed in vain after commit',
        find: 'this.#state.data.freeze()',
        replace: '',
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
    file: 'src/session/options.ts',
    tests: [OPTIONS, TIMEOUTS, OUTAGES],
    mutants: [
      {
        name: 'without a list none is used',
        find: "if (list === 'none') return",
        replace: "if (list === 'none' || list === undefined) return",
        ci: true,
      },
      {
        name: 'a prefetch counts as activity',
        find: '!isPrefetch(request) && isActivity(request)',
        replace: 'isActivity(request)',
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
        find: 'revocationTimeout = 2 }',
        replace: 'revocationTimeout = 60 }',
      },
      {
        name: 'a misspelt option is a default unawares',
        find: "onlyMembers('the options of createSessionManager', options, MEMBERS)",
        replace: '',
        ci: true,
      },
    ],
  },
]
