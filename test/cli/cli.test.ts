/** The command line: keys, cookies and revocations by hand. */

import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { type SessionEnv, session } from '../../src/hono.ts'
import { createSessionManager, generateKey, memoryRevocationList, seal } from '../../src/index.ts'
import { BOUND, setUpBinding } from '../binding/device.ts'
import { SESSION, setUp, Visitor } from '../kit/visitor.ts'
import { revokeForOperator } from '../recipes/operator-route.ts'

/** Runs a command with what it is given, and tells what came of it. */
async function sealedSession(
  args: string[],
  {
    input = '',
    env = {},
    exits = 0,
  }: { input?: string; env?: Record<string, string>; exits?: number } = {},
) {
  const out: string[] = []
  const errors: string[] = []
  const executed: string[][] = []
  const code = await run(args, {
    env,
    readInput: async () => input,
    print: (line) => out.push(line),
    printError: (line) => errors.push(line),
    execute(command, rest) {
      executed.push([command, ...rest])
      return exits
    },
  })
  return { code, out: out.join('\n'), errors: errors.join('\n'), executed }
}

describe('key', () => {
  it('makes a key that the library takes, another one each time', async () => {
    const [one, two] = [await sealedSession(['key']), await sealedSession(['key'])]
    expect(one.code).toBe(0)
    expect(one.out).toMatch(/^[\w-]{43}$/)
    expect(one.out).not.toBe(two.out)
    createSessionManager({ keys: one.out, revocationList: 'none', now: () => 0 })
  })
})

describe('inspect', () => {
  async function signedIn() {
    const keys = [generateKey(), generateKey()]
    const { visitor } = setUp({
      keys,
      now: Date.now,
      revocationList: memoryRevocationList({ now: Date.now }),
    })
    await visitor.visit(async (session) => {
      await session.signIn('ada', { remember: true })
      session.data.note = 'the note'
    })
    const cookie = visitor.request().headers.get('Cookie') ?? ''
    const family = await visitor.see((session) => session.family)
    return { keys: keys.join(','), cookie, family }
  }

  it('tells the claims of a Cookie header, and the key and hour that sealed it', async () => {
    const { keys, cookie, family } = await signedIn()
    const env = { SESSION_KEYS: keys }
    const { code, out } = await sealedSession(['inspect'], {
      input: `Cookie: theme=dark; ${cookie}\n`,
      env,
    })
    expect(code).toBe(0)
    const [session = '', activity = ''] = out.split('\n\n')
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString()
    expect(session).toContain(`cookie: ${SESSION}\n`)
    expect(session).toMatch(/\nkey: [\w-]{8}, number 1 of 2 \(it seals\)\n/)
    expect(session).toContain(`\nhour: ${hour}\n`)
    expect(session).toContain(`\nfamily: ${family}\nsubject: ada\n`)
    expect(session).toContain('\nremembered: true\n')
    expect(activity).toContain(`cookie: ${SESSION}-activity\n`)
    expect(activity).toMatch(/\nchecked: /)
    expect(out).not.toContain('the note')
    expect(session).toMatch(/\ndata: 19 characters, pass --data to print them$/)
  })

  it('tells what of a session is bound to a device', async () => {
    const { device, keys } = setUpBinding({ now: Date.now })
    await device.signIn()
    await device.visit()
    const family = await device.see((session) => session.family)
    const input = device.visitor.request().headers.get('Cookie') ?? ''
    const env = { SESSION_KEYS: keys }
    const { code, out } = await sealedSession(['inspect'], { input, env })
    expect(code).toBe(0)
    const [, activity = '', bound = ''] = out.split('\n\n')
    expect(activity).toMatch(/\nbound: true$/)
    expect(bound).toMatch(
      new RegExp(`^cookie: ${BOUND}\n(.*\n){2}family: ${family}\nregistered: .*Z\nproved: .*Z$`),
    )
    const alone = await sealedSession(['inspect'], {
      input: device.visitor.jar.get(BOUND) ?? '',
      env,
    })
    expect(alone.out).toBe(bound)
  })

  it('tells when a session was found not to be bound', async () => {
    const { visitor, keys } = setUpBinding({ now: Date.now })
    await visitor.visit((session) => session.signIn('ada'))
    const input = visitor.request().headers.get('Cookie') ?? ''
    const { out } = await sealedSession(['inspect'], { input, env: { SESSION_KEYS: keys } })
    expect(out).toMatch(/\nbound: not at .*Z$/)
  })

  it('prints the data if asked, takes a value alone, and knows a key that is not the first', async () => {
    const { keys, cookie } = await signedIn()
    const value = /session=([^;]+)/.exec(cookie)?.[1] ?? ''
    const rotated = `${generateKey()},${keys}`
    const { code, out } = await sealedSession(['inspect', '--data'], {
      input: value,
      env: { SESSION_KEYS: rotated },
    })
    expect(code).toBe(0)
    expect(out).toContain('data: {"note":"the note"}')
    expect(out).toMatch(/number 2 of 3\n/)
  })

  it.each<[string, (cookie: string, keys: string) => [string, string] | Promise<[string, string]>]>(
    [
      ['malformed', (_, keys) => ['a.b.c.d.e', keys]],
      ['unknown-key', (cookie) => [cookie, generateKey()]],
      ['invalid', (cookie, keys) => [cookie.replace(SESSION, '__Host-other'), keys]],
      [
        'invalid',
        async (_, keys) => [`${SESSION}=${await seal(1, { keys, purpose: 'x', ttl: 60 })}`, keys],
      ],
    ],
  )('says why a cookie does not open: %s', async (fault, make) => {
    const { keys, cookie } = await signedIn()
    const [input, env] = await make(cookie.split('; ')[0] ?? '', keys)
    const { code, out } = await sealedSession(['inspect'], { input, env: { SESSION_KEYS: env } })
    expect(code).toBe(1)
    expect(out).toContain(`does not open: ${fault}: `)
  })

  it('asks for what is missing, and never prints a key', async () => {
    expect(await sealedSession(['inspect'])).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/^set SESSION_KEYS to the key ring of the server\n/),
    })
    const env = { SESSION_KEYS: generateKey() }
    expect((await sealedSession(['inspect'], { env, input: 'theme=dark' })).errors).toMatch(
      /^the standard input holds no cookie/,
    )
    const short = await sealedSession(['inspect'], {
      env: { SESSION_KEYS: 'a-short-secret' },
      input: 'x',
    })
    expect(short.code).toBe(2)
    expect(short.errors).toMatch(/^SESSION_KEYS: "keys" must hold keys of 32 random bytes/)
    expect(short.errors).not.toContain('a-short-secret')
  })
})

describe('what a terminal would obey', () => {
  // An escape sequence in 7 and in 8 bits, a line of its own, and text that runs backwards.
  const HOSTILE = 'eve\u001b[2J\u009b2J\nremembered: true\r\u202e'
  const OBEYED = /[\p{Cc}\p{Cf}]/u

  it('is written out by inspect: of the subject, the data and the name of a cookie', async () => {
    const keys = generateKey()
    const now = Date.now
    const { visitor } = setUp({ keys, now, revocationList: memoryRevocationList({ now }) })
    await visitor.visit(async (session) => {
      await session.signIn(HOSTILE)
      session.data.note = HOSTILE
    })
    const input = `${visitor.request().headers.get('Cookie')}; ${HOSTILE}=a.b.c.d.e`
    const env = { SESSION_KEYS: keys }
    const { out } = await sealedSession(['inspect', '--data'], { input, env })
    expect(out.replaceAll('\n', '')).not.toMatch(OBEYED)
    const written = 'eve\\u001b[2J\\u009b2J\\u000aremembered: true\\u000d\\u202e'
    expect(out).toContain(`\nsubject: ${written}\n`)
    expect(out).toContain(`cookie: ${written}\n`)
  })

  it('is no command to copy: revoke runs it, and prints it nowhere', async () => {
    const printed = await sealedSession(['revoke', 'subject', HOSTILE])
    expect([printed.code, printed.out]).toEqual([2, ''])
    expect(printed.errors).toContain(
      'a name with control characters can only be revoked with --run',
    )
    const { code, executed } = await sealedSession(['revoke', 'subject', HOSTILE, '--run'])
    expect([code, executed[0]?.at(-2)]).toEqual([0, `revoked/subject/${HOSTILE}`])
  })

  it('is written out in an error', async () => {
    const { errors } = await sealedSession([HOSTILE])
    expect(errors.replaceAll('\n', '')).not.toMatch(OBEYED)
  })
})

describe('revoke', () => {
  const FAMILY = 'A'.repeat(22)

  it('prints the wrangler commands with the keys that the list reads', async () => {
    const now = Date.now()
    const subject = await sealedSession(['revoke', 'subject', "o'hara"])
    const [, mark = ''] = / (\d+)$/.exec(subject.out) ?? []
    expect(Number(mark) - now).toBeLessThan(10_000)
    expect(subject.out.replace(mark, 'MARK').replace(/--ttl \d+/, '--ttl TTL')).toBe(
      `npx wrangler kv key put --remote --binding REVOCATIONS --ttl TTL 'revoked/subject/o'\\''hara' MARK`,
    )
    expect(subject.out).toContain('--ttl 34560060')
    const all = await sealedSession([
      'revoke',
      'all',
      '--local',
      '--binding',
      'KV',
      '--',
      '--env',
      'x',
    ])
    expect(all.out).toMatch(
      /^npx wrangler kv key put --local --binding KV --ttl 34560060 --env x revoked\/all \d+$/,
    )
    const session = await sealedSession(['revoke', 'session', FAMILY])
    const keys = session.out.split('\n').map((line) => line.split(' ').at(-2))
    expect(keys.sort()).toEqual([`revoked/replaced/${FAMILY}`, `revoked/session/${FAMILY}`])
    const hashed = await sealedSession(['revoke', 'subject', 'ada', '--hash-subjects'])
    expect(hashed.out).toContain(
      'revoked/subject-sha256/fdee430d40bd57deeac186cd9790033d0f06f909a8806e7ce6e717ab7c7d5029',
    )
  })

  it.each([
    ['session', `-${'A'.repeat(21)}`],
    ['session', `--${'A'.repeat(20)}`],
    ['subject', '-ada'],
  ])('takes a name that begins with a hyphen: %s %s', async (scope, name) => {
    const { code, out } = await sealedSession(['revoke', scope, name, '--local'])
    expect(code).toBe(0)
    expect(out).toContain(`revoked/${scope}/${name} `)
  })

  it('prints redis-cli commands', async () => {
    const { out } = await sealedSession([
      'revoke',
      'subject',
      'ada',
      '--redis',
      '--prefix',
      '{r}/',
      '--',
      '-h',
      'db',
    ])
    expect(out).toMatch(/^redis-cli -h db SET '\{r\}\/subject\/ada' \d+ PX 34560060000$/)
  })

  it('sends the revocation to a route of the app with --post', async () => {
    const url = 'https://app.example/operator/revoke'
    const { out } = await sealedSession([
      'revoke',
      'subject',
      "o'ada",
      '--post',
      url,
      '--',
      '-H',
      '@h',
    ])
    expect(out).toBe(
      `curl --fail-with-body --json '{"scope":"subject","name":"o'\\''ada"}' -H @h ${url}`,
    )
    const { manager } = setUp({ recheckAfter: 0, now: Date.now })
    const app = new Hono<SessionEnv>()
    app.use(session(manager))
    app.post('/operator/revoke', revokeForOperator)
    const revoke = async (...args: string[]) => {
      const { executed } = await sealedSession(['revoke', ...args, '--run', '--post', url])
      expect(executed).toHaveLength(1)
      const [body = '', to = ''] = executed[0]?.slice(3) ?? []
      const headers = { 'content-type': 'application/json' }
      return (await app.request(to, { method: 'POST', body, headers })).status
    }
    const signIn = async (subject: string) => {
      const visitor = new Visitor(manager, Date.now)
      await visitor.visit((session) => session.signIn(subject))
      return visitor
    }
    const [ada, grace, alan] = [await signIn('ada'), await signIn('grace'), await signIn('alan')]
    await ada.visit((session) => session.regenerate())
    const family = await ada.see((session) => session.family ?? '')
    expect(await revoke('session', family)).toBe(204)
    expect(await ada.see(({ ended }) => ended)).toBe('revoked')
    expect(await revoke('subject', 'grace')).toBe(204)
    expect(await grace.see(({ ended }) => ended)).toBe('revoked')
    expect(await alan.see(({ subject }) => subject)).toBe('alan')
    expect(await revoke('all')).toBe(204)
    expect(await alan.see(({ ended }) => ended)).toBe('revoked')
  })

  it.each([
    ['all', '--post', 'app.example/revoke'],
    ['all', '--post', 'ftp://app.example/revoke'],
    ['all', '--redis', '--post', 'https://app.example/revoke'],
  ])('refuses %s %s %s', async (...args) => {
    const { code, out, errors } = await sealedSession(['revoke', ...args])
    expect([code, out]).toEqual([2, ''])
    expect(errors).toContain('"--post"')
  })

  it.each([['--local'], ['--redis'], ['--post', 'https://app.example/revoke']])(
    'names no delay of KV with %s',
    async (...args) => {
      const { out } = await sealedSession(['revoke', 'all', '--run', ...args])
      expect(out).toMatch(/^recorded: servers notice it .* \("recheckAfter"\)$/)
    },
  )

  it('runs the commands with --run, and says when one failed', async () => {
    const { code, out, executed } = await sealedSession(['revoke', 'session', FAMILY, '--run'])
    expect([code, executed.length]).toEqual([0, 2])
    expect(out).toBe(
      'recorded: servers notice it at their next check, within 60 s by default ("recheckAfter"), ' +
        'plus the 60 s or more that KV can take',
    )
    expect(executed.every(([program]) => program === 'npx')).toBe(true)
    const failed = await sealedSession(['revoke', 'all', '--run'], { exits: 1 })
    expect(failed).toMatchObject({
      code: 1,
      errors: 'npx failed, so the revocation is not complete: run it again',
    })
  })

  it.each([
    [['revoke']],
    [['revoke', 'user', 'ada']],
    [['revoke', 'subject']],
    [['revoke', 'subject', '']],
    [['revoke', 'all', 'ada']],
    [['revoke', 'session', 'short']],
    [['revoke', 'all', '--bindings', 'x']],
    [['rotate']],
    [['key', 'x']],
  ])('refuses %j', async (args) => {
    const { code, out, errors, executed } = await sealedSession([...args, '--run'])
    expect([code, out, executed]).toEqual([2, '', []])
    expect(errors).toMatch(/\nsealed-session --help lists the commands$/)
  })

  it('ends a session that the library then refuses', async () => {
    const stored = new Map<string, string>()
    const { kvRevocationList } = await import('../../src/cloudflare.ts')
    const namespace = {
      get: async (keys: string[]) => new Map(keys.map((key) => [key, stored.get(key) ?? null])),
      put: async (key: string, value: string) => void stored.set(key, value),
    }
    const options = { now: Date.now, recheckAfter: 0, revocationList: kvRevocationList(namespace) }
    const { manager } = setUp(options)
    const visitors: Visitor[] = []
    for (const subject of ['ada', 'grace', 'alan']) {
      const visitor = new Visitor(manager, Date.now)
      await visitor.visit((session) => session.signIn(subject))
      visitors.push(visitor)
    }
    const [ada, grace, alan] = visitors as [Visitor, Visitor, Visitor]
    const revoke = async (...args: string[]) => {
      const { executed } = await sealedSession(['revoke', ...args, '--run'])
      for (const command of executed) stored.set(command.at(-2) ?? '', command.at(-1) ?? '')
    }
    await ada.visit((session) => session.regenerate())
    await revoke('session', await ada.see((session) => session.family ?? ''))
    await revoke('subject', 'grace')
    expect(await ada.see(({ ended }) => ended)).toBe('revoked')
    expect(await grace.see(({ ended }) => ended)).toBe('revoked')
    expect(await alan.see(({ subject }) => subject)).toBe('alan')
    await revoke('all')
    expect(await alan.see(({ ended }) => ended)).toBe('revoked')
  })
})

it('tells how it is used', async () => {
  expect(await sealedSession(['--help'])).toMatchObject({ code: 0, errors: '' })
  expect((await sealedSession([])).code).toBe(2)
  expect((await sealedSession(['--help'])).out).toContain('revoke subject <subject>')
})
