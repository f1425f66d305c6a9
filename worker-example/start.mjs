/**
 * `npm start`: the example on this machine, under `wrangler dev` with its local KV. Makes a
 * development key on first use, and says what to do when the key or the port will not do. The
 * port is 8787, `PORT` or `npm start -- --port 9000`. What else stands after `npm start --` goes to
 * wrangler: `npm start -- --var IDLE_TIMEOUT:45`.
 */

import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { get as httpGet } from 'node:http'
import { get as httpsGet } from 'node:https'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { devNull } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, parseEnv } from 'node:util'

// The library's sources are TypeScript, which Node runs as it is since 22.18.
if (!process.features.typescript) {
  fail(`This is Node ${process.version}. Use \`npm start\`, which brings a newer one.`)
}
const { createSessionManager, generateKey } = await import('../src/index.ts')

const root = fileURLToPath(new URL('..', import.meta.url))
const secrets = join(root, '.dev.vars')
const { chosenPort, isHttps, passedOn } = readArguments(process.argv.slice(2))

const keySource = checkKeys()
const port = await checkPort()
const address = `${isHttps ? 'https' : 'http'}://localhost:${port}`
await run()

/** What is for this script, and the arguments that wrangler gets: all but the port. */
function readArguments(args) {
  const { values, tokens } = parseArgs({
    args,
    options: { port: { type: 'string' }, 'local-protocol': { type: 'string' } },
    strict: false,
    tokens: true,
  })
  const ofPort = new Set(
    tokens
      .filter(({ kind, name }) => kind === 'option' && name === 'port')
      .flatMap(({ index, inlineValue }) => (inlineValue ? [index] : [index, index + 1])),
  )
  return {
    chosenPort: values.port,
    isHttps: values['local-protocol'] === 'https',
    passedOn: args.filter((_, index) => !ofPort.has(index)),
  }
}

/** Where the key ring comes from, once it is known to be good. The keys are never printed. */
function checkKeys() {
  const isGiven = process.env.SESSION_KEYS !== undefined
  if (!isGiven && !existsSync(secrets)) {
    const text = `# Made by npm start, for development only.\nSESSION_KEYS=${generateKey()}\n`
    writeFileSync(secrets, text, { mode: 0o600, flag: 'wx' })
    console.log('Made a development key: SESSION_KEYS in .dev.vars')
  }
  const source = isGiven ? 'the environment' : '.dev.vars'
  const { SESSION_KEYS: keys } = isGiven ? process.env : parseEnv(readFileSync(secrets, 'utf8'))
  const remedy = isGiven
    ? 'Set it to a good key, or unset it and a development key will be made.'
    : 'Put a good key there, or delete .dev.vars and `npm start` will make one.'
  try {
    if (!keys) throw new TypeError('it is missing; make one with `openssl rand -base64 32`')
    createSessionManager({ keys, revocationList: 'none' })
  } catch (error) {
    fail(`SESSION_KEYS in ${source} is of no use: ${error.message}.\n${remedy}`)
  }
  return source
}

async function checkPort() {
  const port = Number(chosenPort ?? (process.env.PORT || 8787))
  // `--port` without a value is `true`, which is the number 1.
  if (chosenPort === true || !Number.isInteger(port) || port < 1 || port > 65_535) {
    fail(`${chosenPort === undefined ? 'PORT' : '--port'} must be a whole number from 1 to 65535.`)
  }
  for (const host of ['127.0.0.1', '::1']) {
    if (await accepts(host, port)) {
      fail(
        `Port ${port} is taken: another program answers there, perhaps an example that still runs.\n` +
          `Stop it, or choose another port: PORT=${port === 8787 ? 8788 : 8787} npm start`,
      )
    }
  }
  return port
}

/** @returns {Promise<boolean>} whether something listens there. */
function accepts(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 })
    const end = (isOpen) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}

async function run() {
  const wrangler = createRequire(import.meta.url).resolve('wrangler/package.json')
  const program = join(dirname(wrangler), 'bin/wrangler.js')
  const options = ['--port', String(port), '--show-interactive-dev-session=false']
  // With an env file wrangler looks in the environment too, and not in .dev.vars.
  if (keySource === 'the environment') options.push('--env-file', devNull)
  const child = spawn(process.execPath, [program, 'dev', ...options, ...passedOn], {
    cwd: root,
    stdio: 'inherit',
    env: {
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      // Otherwise it fetches this machine's `Request.cf` from the internet, and complains offline.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      ...process.env,
    },
  })
  const stop = () => child.kill('SIGTERM')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  // npm passes a signal on to its shell, and some shells die of it without telling us.
  const parent = process.ppid
  const isOrphaned = () => process.env.npm_lifecycle_event && process.ppid !== parent
  setInterval(() => isOrphaned() && stop(), 500).unref()
  child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)))
  child.once('error', (error) => fail(`wrangler did not start: ${error.message}`))
  await greet()
}

/** Says where the example is, once it answers. */
async function greet() {
  let status
  while (status === undefined) {
    await sleep(200)
    status = await statusOf(`${address}/me`)
  }
  if (status >= 500) {
    console.error(`\nThe example runs at ${address} but answers with an error. See above.\n`)
    return
  }
  console.log(`
The example runs at ${address}
Demo users: ada (administrator) and grace, both with the password "demo". Stop it with Ctrl-C.
`)
}

/** @returns {Promise<number | undefined>} */
function statusOf(url) {
  const get = isHttps ? httpsGet : httpGet
  return new Promise((resolve) => {
    // The certificate of `--local-protocol https` is wrangler's own.
    const request = get(url, { rejectUnauthorized: false, timeout: 5_000 }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(undefined))
  })
}

/** @returns {never} */
function fail(message) {
  console.error(message)
  process.exit(1)
}
