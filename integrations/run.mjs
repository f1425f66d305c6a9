/**
 * Runs the scenario against apps made with other frameworks. Each is a folder with its own lock file,
 * where the package is installed as npm would pack it.
 *
 *   npm run integrations                     all of them
 *   npm run integrations -- express h3       some of them
 *
 * A folder has a script `start` that listens on PORT, perhaps a script `build` before it, and perhaps
 * more scripts that begin with `start:`, each of which is another app. `steps.mjs` holds what has to
 * hold for this framework beside the scenario.
 */

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runScenario } from './scenario.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = join(HERE, '..')
const TIMEOUT = 60_000

const all = readdirSync(HERE).filter((name) => existsSync(join(HERE, name, 'package.json')))
const names = process.argv.slice(2)
const unknown = names.filter((name) => !all.includes(name))
if (unknown.length > 0)
  throw new Error(`there is no ${unknown.join(', ')}; there are ${all.join(', ')}`)

await run(ROOT, 'npm', ['run', '--silent', 'build'])
for (const name of names.length > 0 ? names : all) await integrate(name)

async function integrate(name) {
  const folder = join(HERE, name)
  const { scripts } = readJson(folder, 'package.json')
  assertLocked(name, folder)
  await run(folder, 'npm', ['ci'])
  if (scripts.build) await run(folder, 'npm', ['run', 'build'])
  if (existsSync(join(folder, 'tsconfig.json')))
    await run(ROOT, 'npm', ['exec', '--', 'tsc', '-p', folder])
  for (const script of Object.keys(scripts).filter((one) => /^start(:|$)/.test(one))) {
    console.log(`\n${name} (npm run ${script})`)
    await serve(folder, script)
  }
}

function readJson(...path) {
  return JSON.parse(readFileSync(join(...path), 'utf8'))
}

/** `npm ci` installs what the lock file says that the package depends on. */
function assertLocked(name, folder) {
  const locked = readJson(folder, 'package-lock.json').packages['node_modules/sealed-session']
  const { dependencies } = readJson(ROOT, 'package.json')
  if (JSON.stringify(locked.dependencies) === JSON.stringify(dependencies)) return
  throw new Error(
    `the lock file of integrations/${name} is of other dependencies of the package: ` +
      'delete it and node_modules there, and run npm install',
  )
}

/** Starts an app, runs the scenario against it, and ends it. */
async function serve(folder, script) {
  const temporary = await mkdtemp(join(tmpdir(), 'integration-'))
  const clockFile = join(temporary, 'clock')
  await writeFile(clockFile, '0')
  const port = await freePort()
  const preload = join(HERE, 'clock.mjs')
  const app = spawn('npm', ['run', script], {
    cwd: folder,
    // A group of its own, so that what it starts ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      ORIGIN: `http://localhost:${port}`,
      SESSION_KEYS: 'dGhlIGludGVncmF0aW9ucyBrZXksIG5vIHNlY3JldCE',
      CLOCK_FILE: clockFile,
      NODE_OPTIONS: `--import ${preload}`,
      BUN_OPTIONS: `--preload ${preload}`,
      NODE_ENV: 'production',
      // Frameworks that count their users.
      NEXT_TELEMETRY_DISABLED: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
    },
  })
  let output = ''
  for (const stream of [app.stdout, app.stderr]) {
    stream.on('data', (part) => {
      output += part
    })
  }
  const ended = new Promise((resolve) => app.on('close', resolve))
  try {
    const address = `http://localhost:${port}/`
    await answering(address, app, () => output)
    const own = join(folder, 'steps.mjs')
    const { steps = {} } = existsSync(own) ? await import(own) : {}
    await runScenario(address, clockIn(clockFile), steps, (step) => console.log(`  ${step}`))
  } catch (error) {
    console.error(output)
    throw error
  } finally {
    if (app.exitCode === null) process.kill(-app.pid, 'SIGKILL')
    await ended
    await rm(temporary, { recursive: true })
  }
}

function clockIn(file) {
  let ahead = 0
  return {
    now: () => Date.now() + ahead * 1000,
    async pass(seconds) {
      ahead += seconds
      // At once, so that nobody reads half a number.
      await writeFile(`${file}.next`, String(ahead))
      await rename(`${file}.next`, file)
    },
  }
}

async function answering(address, app, output) {
  const giveUp = Date.now() + TIMEOUT
  while (true) {
    const response = await fetch(address).catch(() => undefined)
    if (response !== undefined) return response.arrayBuffer()
    if (app.exitCode !== null) throw new Error('the app has ended')
    if (Date.now() > giveUp) throw new Error(`the app does not answer: ${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Runs a command to its end, and shows what it says only if it fails. */
async function run(cwd, command, args) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      output += part
    })
  }
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code === 0) return
  console.error(output)
  throw new Error(`${command} ${args.join(' ')} failed in ${cwd}`)
}
