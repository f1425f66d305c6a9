import type { Group } from './mutant.ts'

const ROUTES = 'test/core/session-routes.test.ts'
const SAME_SUBJECT = 'test/core/same-subject.test.ts'
const HONO = 'test/workers/hono.test.ts'

export const hono: readonly Group[] = [
  {
    file: 'src/hono/routes.ts',
    tests: [ROUTES],
    mutants: [
      {
        name: 'a foreign page may sign out',
        find: "routes.post('/sign-out', sameOriginOnly, ",
        replace: "routes.post('/sign-out', ",
        ci: true,
      },
      {
        name: 'a foreign page may keep the session alive',
        find: "routes.post('/touch', sameOriginOnly, ",
        replace: "routes.post('/touch', ",
      },
      {
        name: 'a page of the same site is the same origin',
        find: "return site === 'same-origin'",
        replace: "return site === 'same-origin' || site === 'same-site'",
        ci: true,
      },
      {
        name: 'a request without any page is the same origin',
        find: "return site === 'same-origin'",
        replace: "return site === 'same-origin' || site === 'none'",
      },
      {
        name: 'a request without Sec-Fetch-Site is the same origin',
        find: "return request.headers.get('Origin') === new URL(request.url).origin",
        replace: 'return true',
      },
      {
        name: 'a request that was refused slides the session',
        find: "  sessionOf(c).skipTouch()\n  return c.json({ error: 'cross-site' }, 403)",
        replace: "  return c.json({ error: 'cross-site' }, 403)",
      },
      {
        name: 'asking for the status slides the session',
        find: '    session.skipTouch()\n    return answer(c, await statusOf(session, now()), 200)',
        replace: '    return answer(c, await statusOf(session, now()), 200)',
      },
      {
        name: 'a sign-out that could not be recorded is a success',
        find: 'recorded ? 200 : 503',
        replace: '200',
      },
      {
        name: 'who signed in long ago may sign out the others',
        find: 'if (age >= signOutOthers) return',
        replace: 'if (age < 0) return',
      },
      {
        name: 'who signed in just too long ago may sign out the others',
        find: 'if (age >= signOutOthers) return',
        replace: 'if (age > signOutOthers) return',
      },
      {
        name: 'a foreign page may sign out the others',
        find: "routes.post('/sign-out-others', sameOriginOnly, ",
        replace: "routes.post('/sign-out-others', ",
      },
      {
        name: 'who is not signed in may touch',
        find: 'if (session.subject !== undefined) session.touch()',
        replace: 'session.touch()',
      },
      {
        name: 'who is not signed in is told that the touch counted',
        find: 'status.signedIn ? 200 : 401',
        replace: '200',
      },
      {
        name: 'a page made for another subject keeps the session alive',
        find: "routes.post('/touch', sameOriginOnly, samePageOnly, ",
        replace: "routes.post('/touch', sameOriginOnly, ",
      },
      {
        name: 'a page made for another subject signs out',
        find: "routes.post('/sign-out', sameOriginOnly, samePageOnly, ",
        replace: "routes.post('/sign-out', sameOriginOnly, ",
      },
      {
        name: 'a page made for another subject signs out the others',
        find: "routes.post('/sign-out-others', sameOriginOnly, samePageOnly, ",
        replace: "routes.post('/sign-out-others', sameOriginOnly, ",
      },
      {
        name: 'the status may be cached',
        find: ", { 'Cache-Control': 'private, no-store' })",
        replace: ')',
      },
    ],
  },
  {
    file: 'src/hono/same-subject.ts',
    tests: [SAME_SUBJECT, ROUTES],
    mutants: [
      {
        name: 'a page made for another subject passes',
        find: '(tag === undefined || !tags.includes(tag))',
        replace: 'tag === undefined',
        ci: true,
      },
      {
        name: 'a page that does not say for whom it was made passes where it is required',
        find: 'tag === undefined ? required : await',
        replace: 'tag === undefined ? false : await',
      },
      {
        name: 'a form that comes without a session is read',
        find: 'if (!(await isForAnother(undefined, session))) return next()\n',
        replace: '',
      },
      {
        name: 'a page that does not know yet for whom it was made is refused',
        find: 'if (header) return header',
        replace: 'if (header !== undefined) return header',
      },
      {
        name: 'only the header says for whom a page was made',
        find: 'const field = form?.[SUBJECT_FIELD]',
        replace: 'const field = undefined',
      },
      {
        name: 'without a sign-in there is another subject',
        find: 'return tags.length > 0 && ',
        replace: 'return ',
      },
      {
        name: 'a request of a page made for another subject counts as activity',
        find: "    session.skipTouch()\n    return c.json({ error: 'other-subject' }, 409)",
        replace: "    return c.json({ error: 'other-subject' }, 409)",
      },
      {
        name: 'people cannot sign out while their session cannot be verified',
        find: 'if (error instanceof SessionError) return false',
        replace: '',
      },
    ],
  },
  {
    file: 'src/hono/guards.ts',
    tests: [HONO],
    mutants: [
      {
        name: 'requireSignIn lets anybody pass',
        find: 'return session.subject === undefined ? refuseAnonymous(c, session, redirectTo) : next()',
        replace: 'return next()',
        ci: true,
      },
      {
        name: 'fresh asks no list',
        find: 'if (fresh) await session.recheck()',
        replace: '',
      },
      {
        name: 'a sign-in of exactly the age is recent',
        find: 'if (age < seconds) return next()',
        replace: 'if (age <= seconds) return next()',
      },
      {
        name: 'any sign-in is recent',
        find: 'if (age < seconds) return next()',
        replace: 'return next()',
      },
    ],
  },
  {
    file: 'src/hono/return-path.ts',
    tests: ['test/core/return-path.test.ts', HONO],
    mutants: [
      {
        name: 'redirectTo leads to another site',
        find: ' &&\n  new URL(path, THIS_SITE).origin === THIS_SITE',
        replace: '',
        ci: true,
      },
      {
        name: 'redirectTo may be a whole address',
        find: "  path.startsWith('/') &&\n",
        replace: '',
      },
      {
        name: 'a path that becomes two slashes is returned to',
        find: "pathname.startsWith('//') ? undefined : ",
        replace: '',
      },
      {
        name: 'what a header cannot hold is returned to',
        find: '!/^[!-~]*$/.test(path) || ',
        replace: '',
      },
      {
        name: 'a path of any length goes into the address',
        find: ' || path.length > LONGEST',
        replace: '',
      },
      {
        name: 'a form that was sent is returned to',
        find: "  if (method !== 'GET' && method !== 'HEAD') return signInPage\n",
        replace: '',
      },
      {
        name: "the app's own return is overridden",
        find: 'wanted === undefined || isChosen',
        replace: 'wanted === undefined',
      },
      {
        name: 'the wanted path ends at its first &',
        find: 'encodeURIComponent(wanted)',
        replace: 'wanted',
      },
    ],
  },
  {
    file: 'src/hono/middleware.ts',
    tests: [HONO],
    mutants: [
      {
        name: 'an error answer carries no cookies',
        find: 'answer(c, await manager.commit(session, rest).catch(() => rest))',
        replace: 'answer(c, rest)',
      },
      {
        name: 'an error of commit is swallowed',
        find: 'if (own === undefined) throw error\n',
        replace: '',
      },
      {
        name: 'a manager is made for every request',
        find: 'managers.set(key, made)',
        replace: '',
      },
    ],
  },
  {
    file: 'src/session/answers.ts',
    tests: [HONO],
    mutants: [
      {
        name: 'a list that is away is a 500',
        find: "if (!code.endsWith('-unavailable')) return undefined",
        replace: "if (code !== 'keys-unavailable') return undefined",
      },
      {
        name: 'a session that ended in the middle is a 500',
        find: "if (code === 'ended')",
        replace: "if (code === 'committed')",
      },
      {
        name: "the void answer's length stays on the error",
        find: '/^(content-.*|location',
        replace: '/^(location',
      },
      {
        name: "the void answer's cache headers stay on the error",
        find: '|(.*-)?cache-control|surrogate-control|edge-control|x-accel-expires)',
        replace: ')',
      },
    ],
  },
]
