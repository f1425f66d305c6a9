/**
 * What a bound session adds: bytes, calls of WebCrypto and operations of the list, counted. `npm run
 * bench:binding` prints the table that docs/performance.md has. Nothing is timed, so nothing varies.
 */

import { Device } from '../test/binding/device.ts'
import { bundleGraph } from '../test/kit/module-graph.ts'
import { testClock, Visitor } from '../test/kit/visitor.ts'

const SITE = 'https://site.example'
const code = await bundleGraph(`
  export { createSessionManager, generateKey, memoryRevocationList } from './src/index.ts'
  export { deviceBinding } from './src/binding.ts'`)
/** Evaluates every module anew, as a fresh isolate does. */
const isolate = () => new Function(code)()

const calls = {}
for (const name of ['encrypt', 'decrypt', 'deriveKey', 'importKey', 'sign', 'verify']) {
  const original = crypto.subtle[name].bind(crypto.subtle)
  Object.defineProperty(crypto.subtle, name, {
    configurable: true,
    value: (...parameters) => {
      calls[name] = (calls[name] ?? 0) + 1
      return original(...parameters)
    },
  })
}

/** Runs work, and gives what it counted of the manager alone. */
async function count(work) {
  for (const name of Object.keys(calls)) delete calls[name]
  const value = await work()
  return { value, calls: { ...calls } }
}

async function measure(binds) {
  const clock = testClock()
  const operations = { reads: 0, writes: 0 }
  const first = isolate()
  const keys = first.generateKey()
  const memory = first.memoryRevocationList({ now: clock })
  const revocationList = {
    read(targets) {
      operations.reads += targets.length
      return memory.read(targets)
    },
    write(...mark) {
      operations.writes++
      return memory.write(...mark)
    },
  }
  const make = ({ createSessionManager, deviceBinding }) =>
    createSessionManager({
      keys,
      revocationList,
      now: clock,
      ...(binds ? { binding: deviceBinding({ policy: 'when-supported' }) } : {}),
    })
  const manager = make(first)
  const visitor = new Visitor(manager, clock)
  const device = new Device(manager, visitor)
  const headerBytes = (answer) =>
    [...answer.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)

  // Warm: so that deriving the keys of the hour is not counted.
  await device.signIn('somebody')
  await visitor.visit((session) => session.destroy())
  clock.pass(1)

  const signIn = await count(() => visitor.visit((session) => session.signIn('ada')))
  let registration
  let proof
  if (binds) {
    const { readOffer } = await import('../test/binding/device.ts')
    registration = await count(() => device.register(readOffer(signIn.value)))
    const before = { ...operations }
    proof = await count(() => device.refresh())
    proof.operations = `${operations.reads - before.reads} keys read, ${operations.writes - before.writes} written`
  }
  // The second request is the first that the isolate has seen all cookies of.
  await visitor.visit()
  clock.pass(1)
  const request = visitor.jar.headerFor(SITE).length
  const warm = await count(() => visitor.visit())
  const other = new Visitor(make(isolate()), clock, visitor.jar)
  await other.visit()
  const fresh = isolate()
  clock.pass(1)
  const cold = await count(() => new Visitor(make(fresh), clock, visitor.jar).visit())
  operations.reads = 0
  for (let second = 0; second < 300; second += 10) {
    clock.pass(10)
    await visitor.visit()
  }
  const keysRead = operations.reads
  return {
    request,
    signInBytes: headerBytes(signIn.value),
    readBytes: headerBytes(warm.value),
    signIn: signIn.calls,
    warm: warm.calls,
    cold: cold.calls,
    registration,
    proof,
    keysRead,
    identifier: device.instructions?.session_identifier.length,
  }
}

const text = (counted) =>
  Object.entries(counted)
    .filter(([name]) => ['encrypt', 'decrypt', 'verify'].includes(name))
    .map(([name, number]) => `${number} ${name}`)
    .join(', ') || 'none'

const [without, bound] = [await measure(false), await measure(true)]
const rows = [
  ['`Cookie` of a request, bytes', without.request, bound.request],
  ['headers of the answer to a sign-in, bytes', without.signInBytes, bound.signInBytes],
  ['headers of the answer to a read, bytes', without.readBytes, bound.readBytes],
  ['a read, isolate has seen the cookies', text(without.warm), text(bound.warm)],
  ['a read, fresh isolate', text(without.cold), text(bound.cold)],
  ['a sign-in', text(without.signIn), text(bound.signIn)],
  ['registration (the browser, once)', '', text(bound.registration.calls)],
  [
    'challenge and proof (the browser, every eight minutes)',
    '',
    `${text(bound.proof.calls)}; the first: ${bound.proof.operations}`,
  ],
  ['list, keys read in 300 s with a request every 10 s', without.keysRead, bound.keysRead],
]
console.log('| | without | bound |\n|---|--:|--:|')
for (const row of rows) console.log(`| ${row.join(' | ')} |`)
console.log(
  `\nThe session identifier, which only the browser's own requests carry: ${bound.identifier} bytes`,
)
