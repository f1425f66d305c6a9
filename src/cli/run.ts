/** The command line: which command is run with which arguments. Knows no process, so tests can call it. */

import { parseArgs } from 'node:util'
import { generateKey } from '../index.ts'
import { inspect } from './inspect.ts'
import { revoke } from './revoke.ts'
import { type Terminal, UsageError, visible } from './terminal.ts'

const USAGE = `Usage: sealed-session <command>

  key                         makes a key for SESSION_KEYS
  inspect                     reads a cookie from the standard input and says what it is;
                              the keys are those of SESSION_KEYS
    --name <name>             the cookie's name, if the input is a value alone
                              (default: __Host-Http-session, and its activity cookie)
    --data                    prints the app's data too
  revoke subject <subject>    ends all sessions of a subject
  revoke session <sid>        ends a session; <sid> is session.family or the "family" of inspect
  revoke all                  ends all sessions
                              prints the wrangler commands that do it
    --run                     runs them
    --binding <name>          the binding of the KV namespace (default: REVOCATIONS)
    --local                   the namespace of "wrangler dev" instead of the deployed one
    --hash-subjects           for kvRevocationList(namespace, { hashSubjects: true })
    --redis                   redis-cli commands instead
    --prefix <prefix>         the prefix of redisRevocationList (default: revoked/)
    --post <url>              curl commands instead, to a route of your app: for a list on a Durable
                              Object, which only its app can reach (docs/operations.md has the route)
    -- <arguments>            more arguments for wrangler, redis-cli or curl`

const OPTIONS = {
  name: { type: 'string' },
  data: { type: 'boolean' },
  run: { type: 'boolean' },
  binding: { type: 'string' },
  local: { type: 'boolean' },
  'hash-subjects': { type: 'boolean' },
  redis: { type: 'boolean' },
  prefix: { type: 'string' },
  post: { type: 'string' },
  help: { type: 'boolean' },
} as const

/** Runs a command and returns the exit code: 0, 1 for "no" or a failure, 2 for a wrong call. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const end = args.includes('--') ? args.indexOf('--') : args.length
    const { values, positionals } = readArguments(args.slice(0, end))
    const [command, ...operands] = positionals
    if (values.help || command === undefined) {
      terminal.print(USAGE)
      return values.help ? 0 : 2
    }
    if (command === 'key' && operands.length === 0) {
      terminal.print(generateKey())
      return 0
    }
    if (command === 'inspect' && operands.length === 0) return await inspect(values, terminal)
    if (command === 'revoke') return await revoke(operands, values, args.slice(end + 1), terminal)
    throw new UsageError(`there is no command "${positionals.join(' ')}"`)
  } catch (error) {
    const { message } = error as Error
    for (const line of message.split('\n')) terminal.printError(visible(line))
    if (!(error instanceof UsageError)) return 1
    terminal.printError('sealed-session --help lists the commands')
    return 2
  }
}

/** A sid or a subject is taken as it is, because either can begin with a hyphen. */
function readArguments(args: readonly string[]) {
  const [command, , name = ''] = args
  const [option = ''] = name.slice(2).split('=')
  const isName = command === 'revoke' && name.startsWith('-') && !Object.hasOwn(OPTIONS, option)
  try {
    const { values, positionals } = parseArgs({
      args: isName ? args.toSpliced(2, 1) : [...args],
      allowPositionals: true,
      options: OPTIONS,
    })
    return { values, positionals: isName ? [...positionals, name] : positionals }
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
