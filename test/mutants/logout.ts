import type { Group } from './mutant.ts'

const BACK_CHANNEL = 'test/logout/back-channel-logout.test.ts'
const EVENTS = 'test/logout/security-events.test.ts'

/** What a provider may end, and who is taken for the provider. */
export const logout: readonly Group[] = [
  {
    file: 'src/logout/verify.ts',
    tests: [BACK_CHANNEL, EVENTS],
    mutants: [
      {
        name: 'a token of any issuer is accepted',
        find: '      algorithms: ALGORITHMS,\n      issuer,\n',
        replace: '      algorithms: ALGORITHMS,\n',
        ci: true,
      },
      {
        name: 'a token of a key that the provider has just made is lost',
        find: 'if (!isRecent || !(error instanceof errors.JWKSNoMatchingKey)) throw error',
        replace: 'throw error',
      },
      {
        name: 'a token of a key that the provider never had is to be sent again',
        find: '!isRecent || !(error',
        replace: '!(error',
      },
      {
        name: 'a token for another app is accepted',
        find: '      audience,\n      currentDate,',
        replace: '      currentDate,',
        ci: true,
      },
      {
        name: 'a token of any age is accepted',
        find: '      maxTokenAge: maxAge,\n',
        replace: '',
      },
      {
        name: "the provider's clock may be an hour off",
        find: 'const CLOCK_TOLERANCE = 60\n',
        replace: 'const CLOCK_TOLERANCE = 3_600\n',
      },
      {
        name: "the provider's clock may not differ",
        find: 'const CLOCK_TOLERANCE = 60\n',
        replace: 'const CLOCK_TOLERANCE = 0\n',
      },
      {
        name: 'a token of any type is accepted',
        find: "if (!types.includes(type)) throw new RefusedToken('the token has another type')",
        replace: '',
        ci: true,
      },
      {
        name: 'a type is told by its capitals',
        find: 'protectedHeader.typ?.toLowerCase()',
        replace: 'protectedHeader.typ',
      },
      {
        name: 'a type with the prefix of media types is refused',
        find: ".replace(/^application\\//, '')",
        replace: '',
      },
      {
        name: 'a token without events is an error of the app',
        find: "if (!isObject(payload.events)) throw new RefusedToken('the token has no events')",
        replace: '',
      },
      {
        name: 'a bad signature can pass, so the provider sends the token for ever',
        find: '  errors.JWSSignatureVerificationFailed,\n',
        replace: '',
      },
      {
        name: 'keys that cannot be fetched make a good token bad',
        find: 'if (ABOUT_THE_TOKEN.some((known) => error instanceof known)) {',
        replace: 'if (error instanceof Error) {',
      },
      {
        name: 'the names of refused claims are not said',
        find: 'if (error instanceof errors.JWTClaimValidationFailed) {',
        replace: 'if (error === undefined) {',
      },
      {
        name: 'a receiver without an audience is made',
        find: "  assertText('audience', audience)\n",
        replace: '',
      },
    ],
  },
  {
    file: 'src/logout/back-channel-logout.ts',
    tests: [BACK_CHANNEL],
    mutants: [
      {
        name: 'a token about something else ends sessions',
        find: "if (!isObject(events[EVENT])) throw new RefusedToken('the token is not about a logout')",
        replace: '',
        ci: true,
      },
      {
        name: 'an ID token ends sessions',
        find: "if (nonce !== undefined) throw new RefusedToken('a logout token has no nonce')",
        replace: '',
        ci: true,
      },
      {
        name: 'a token about nobody is a success',
        find: "if (!isText(sub) && !isText(sid)) throw new RefusedToken('the token has no sub and no sid')",
        replace: '',
      },
      {
        name: 'a token about one session ends all of its subject',
        find: 'if (isText(sid) && !(wholeSubject && isText(sub))) {',
        replace: 'if (isText(sid) && !isText(sub)) {',
      },
      {
        name: 'wholeSubject ends one session',
        find: 'if (isText(sid) && !(wholeSubject && isText(sub))) {',
        replace: 'if (isText(sid)) {',
      },
      {
        name: 'a token that comes late ends newer sign-ins of its session',
        find: 'return sessions.revokeExternal([issuer, sid], { before })',
        replace: 'return sessions.revokeExternal([issuer, sid], { before: new Date(8.64e15) })',
      },
      {
        name: 'a token that comes late ends newer sign-ins of its subject',
        find: 'await sessions.revokeSubject(subject, { before })',
        replace: 'await sessions.revokeSubject(subject, { before: new Date(8.64e15) })',
      },
      {
        name: 'a logout token of a week ago is accepted',
        find: 'maxAge: 600 }',
        replace: 'maxAge: 604_800 }',
      },
      {
        name: 'a security event is taken for a logout token',
        find: "types: ['logout+jwt', 'jwt', undefined]",
        replace: "types: ['logout+jwt', 'jwt', 'secevent+jwt', undefined]",
      },
    ],
  },
  {
    file: 'src/logout/security-events.ts',
    tests: [EVENTS],
    mutants: [
      {
        name: 'a plain token is taken for a security event',
        find: "types: ['secevent+jwt']",
        replace: "types: ['secevent+jwt', 'jwt', undefined]",
      },
      {
        name: 'a security event of a month ago is accepted',
        find: 'maxAge: 7 * 86_400',
        replace: 'maxAge: 31 * 86_400',
      },
      {
        name: 'a new credential ends all sessions',
        find: " && change.change_type !== 'create'",
        replace: '',
      },
      {
        name: 'a changed credential ends nothing',
        find: 'if (isObject(change) && ',
        replace: 'if (!isObject(change) && isObject(change) && ',
      },
      {
        name: 'an event about one session ends all of the user',
        find: 'if (sid !== undefined) await sessions.revokeExternal([issuer, sid], { before })\n      else await',
        replace: 'await',
      },
      {
        name: 'a user of another issuer is taken for ours',
        find: "format === 'iss_sub' && iss === issuer && ",
        replace: "format === 'iss_sub' && ",
      },
      {
        name: 'an event without a subject is acknowledged',
        find: "if (!isObject(id)) throw new RefusedToken('the event has no subject')",
        replace: 'if (!isObject(id)) return { user: undefined, sid: undefined }',
      },
      {
        name: 'an event ends what began after it',
        find: 'if (subject !== undefined) await sessions.revokeSubject(subject, { before })',
        replace:
          'if (subject !== undefined) await sessions.revokeSubject(subject, { before: new Date(8.64e15) })',
      },
    ],
  },
  {
    file: 'src/logout/revocation.ts',
    tests: [BACK_CHANNEL, EVENTS],
    mutants: [
      {
        name: 'a session that began in the second of the event goes on',
        find: 'Math.floor(instant) * 1000 + 999',
        replace: 'Math.floor(instant) * 1000',
      },
      {
        name: 'the time of the token counts and not that of the event',
        find: '[event, toe, iat].filter(',
        replace: '[iat, event, toe].filter(',
      },
      {
        name: 'a time in milliseconds is read as seconds',
        find: 'if (instant >= LEAST_MILLISECONDS) return new Date(instant)',
        replace: '',
      },
    ],
  },
  {
    file: 'src/logout/http.ts',
    tests: [BACK_CHANNEL, EVENTS],
    mutants: [
      {
        name: 'a link can bring a logout token',
        find: "if (request.method !== 'POST') throw new RefusedToken('the method must be POST')",
        replace: '',
      },
      {
        name: 'a body of any content type is read',
        find: 'if (type !== contentType) throw',
        replace: 'if (type === null) throw',
      },
      {
        name: 'a body of any length is read',
        find: "if (text.length > LONGEST_BODY) throw new RefusedToken('the body is too long')",
        replace: '',
      },
      {
        name: 'a revocation that could not be recorded is a success',
        find: "return new Response(null, { status: 503, headers: { ...headers, 'Retry-After': '5' } })",
        replace: 'return new Response(null, { status: success, headers })',
      },
      {
        name: 'an error of the app is answered as an outage',
        find: 'if (!(error instanceof SessionError)) throw error',
        replace: '',
      },
      {
        name: 'the answer may be stored',
        find: "{ 'Cache-Control': 'no-store' }",
        replace: '{}',
      },
    ],
  },
]
