/**
 * `revoke`: the commands that end sessions. The lists themselves say which keys they write, with a
 * namespace and a client that only take notes. A list that only its app can reach, as one on a Durable
 * Object, is written by a route of the app.
 */

import { kvRevocationList } from '../cloudflare.ts'
import { createSessionManager, generateKey, type RevocationList } from '../index.ts'
import { systemClock } from '../lib/platform.ts'
import { redisRevocationList } from '../redis.ts'
import { type Options, type Terminal, UsageError, visible } from './terminal.ts'

/** A program and its arguments. */
type Command = readonly [program: string, ...args: string[]]

/** Prints the commands, or runs them with `--run`. Returns the exit code. */
export async function revoke(
  operands: readonly string[],
  options: Options,
  more: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (options.redis && options.post)
    throw new UsageError('"--redis" and "--post" exclude each other')
  // What is copied must be what was shown.
  if (!options.run && operands.some((operand) => visible(operand) !== operand)) {
    throw new UsageError('a name with control characters can only be revoked with --run')
  }
  const commands: Command[] = []
  const notes = options.post ? postNotes : options.redis ? redisNotes : kvNotes
  await write(operands, notes(options, more, commands))
  for (const command of commands) {
    if (!options.run) {
      terminal.print(command.map(quote).join(' '))
      continue
    }
    const [program, ...args] = command
    const code = terminal.execute(program, args)
    if (code !== 0)
      throw new Error(`${program} failed, so the revocation is not complete: run it again`)
  }
  if (options.run) terminal.print(`recorded: ${whenNoticed(options)}`)
  return 0
}

/** A session that still works a moment later looks as if the command had failed. */
function whenNoticed({ redis, post, local }: Options): string {
  const next = 'servers notice it at their next check, within 60 s by default ("recheckAfter")'
  return redis || post || local ? next : `${next}, plus the 60 s or more that KV can take`
}

async function write(
  [scope, name, ...rest]: readonly string[],
  list: RevocationList,
): Promise<void> {
  const manager = createSessionManager({
    keys: generateKey(),
    // The list only takes notes, so there is nothing to read.
    revocationList: { ...list, read: async (targets) => targets.map(() => undefined) },
    now: systemClock,
  })
  const isAlone = rest.length === 0
  try {
    if (scope === 'all' && name === undefined) return await manager.revokeAll()
    if (scope === 'subject' && name !== undefined && isAlone)
      return await manager.revokeSubject(name)
    if (scope === 'session' && name !== undefined && isAlone)
      return await manager.revokeSession(name)
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message)
    throw error
  }
  throw new UsageError('revoke takes "subject <subject>", "session <sid>" or "all"')
}

function kvNotes(options: Options, more: readonly string[], commands: Command[]): RevocationList {
  const { binding = 'REVOCATIONS', local, 'hash-subjects': hashSubjects = false } = options
  const where = local ? '--local' : '--remote'
  const namespace = {
    get: async (keys: string[]) => new Map(keys.map((key) => [key, null])),
    async put(key: string, value: string, { expirationTtl }: { expirationTtl: number }) {
      const to = [where, '--binding', String(binding), '--ttl', String(expirationTtl)]
      commands.push(['npx', 'wrangler', 'kv', 'key', 'put', ...to, ...more, key, value])
    },
  }
  return kvRevocationList(namespace, { hashSubjects: hashSubjects === true })
}

function redisNotes(
  options: Options,
  more: readonly string[],
  commands: Command[],
): RevocationList {
  const { prefix } = options
  const send = async (command: string[]) => {
    commands.push(['redis-cli', ...more, ...command])
    return 'OK'
  }
  return redisRevocationList(send, typeof prefix === 'string' ? { prefix } : {})
}

/** One request that says what to end, in the form of the route in docs/operations.md. */
function postNotes(
  { post }: Options,
  more: readonly string[],
  commands: Command[],
): RevocationList {
  const url = String(post)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError('"--post" must be the address of a route of your app: https://…')
  }
  return {
    read: async () => [],
    async write(target) {
      // That a session's sid was replaced is the manager's business, at the other end.
      if (target.scope !== 'all' && target.scope !== 'subject' && target.scope !== 'session') return
      const name = 'sid' in target ? target.sid : 'subject' in target ? target.subject : undefined
      const body = JSON.stringify({ scope: target.scope, name })
      commands.push(['curl', '--fail-with-body', '--json', body, ...more, url])
    },
  }
}

/** An argument as a POSIX shell reads it. */
const quote = (text: string): string =>
  /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
