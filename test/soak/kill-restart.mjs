/**
 * Sign-ins and sign-outs against the example under a real `wrangler dev`, which is killed (SIGKILL,
 * with workerd and all) in the middle and started again: `npm run soak`. `KILLS` sets how often.
 *
 * What was acknowledged must hold afterwards: who was signed out, left or forced out stays out, and
 * who is signed in stays in. What was under way when it died may have gone either way. Needs /proc.
 */

import { generateKey } from '../../src/index.ts'
import { KilledDev } from './killed-dev.mjs'
import { Person } from './person.mjs'

const KILLS = Number(process.env.KILLS ?? 20)
const PEOPLE = 4
// Of what was checked after an earlier kill, so many are checked again after each.
const SAMPLE = 40

const figures = {
  kills: 0,
  processesKilled: 0,
  signIns: 0,
  signOuts: 0,
  left: 0,
  forcedOut: 0,
  unacknowledged: 0,
  checks: 0,
}
const faults = { 'a sign-out was lost': 0, 'a live session was lost': 0, 'an answer was wrong': 0 }

const dev = new KilledDev(generateKey(), { RECHECK_AFTER: '0' })
/** What a server has acknowledged: cookies, and whether they must be honoured. */
const records = []

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
process.once('exit', () => dev.end())

const started = Date.now()
await dev.start()
for (let round = 1; round <= KILLS; round++) {
  await live(round)
  figures.kills++
  await dev.start()
  const older = records.slice(0, -1).flat()
  await check([...(records.at(-1) ?? []), ...sampleOf(older)])
  const counts = `${figures.signIns} sign-ins, ${figures.signOuts} sign-outs`
  console.log(`${round} of ${KILLS} kills; ${counts}, ${figures.checks} checks`)
}
await check(records.flat())
await dev.end()

const minutes = ((Date.now() - started) / 60_000).toFixed(1)
console.log(`kill and restart: ${minutes} minutes,`, figures, faults)
if (figures.signOuts === 0 || Object.values(faults).some((count) => count > 0)) process.exitCode = 1

/** People come and go until it is killed: at any moment, or as soon as something was acknowledged. */
async function live(round) {
  const record = []
  records.push(record)
  let isOver = false
  const kill = () => {
    if (isOver) return
    isOver = true
    figures.processesKilled += dev.kill()
  }
  const kinds = ['at any moment', 'after a sign-out', 'after a sign-in', 'after a force-out']
  const kind = kinds[round % kinds.length]
  // Enough has happened by then; what comes next decides.
  let isRipe = false
  const ripen = setTimeout(
    () => {
      isRipe = true
      if (kind === 'at any moment') kill()
    },
    500 + Math.random() * 1_500,
  )
  const people = Array.from({ length: PEOPLE }, async () => {
    while (!isOver && !(isRipe && kind === 'after a force-out')) {
      const person = new Person(() => dev.origin, Math.random() < 0.5 ? 'ada' : 'grace')
      await comeAndGo(person, record, (what) => isRipe && kind === what && kill())
    }
  })
  await Promise.all(people)
  clearTimeout(ripen)
  if (kind === 'after a force-out') await forceOut('grace', kill)
}

/** Signs in, looks around, and perhaps signs out or in again, with copies of the cookies kept. */
async function comeAndGo(person, record, acknowledged) {
  try {
    await person.signIn()
  } catch {
    figures.unacknowledged++
    return
  }
  figures.signIns++
  const entry = { person, mustLive: true }
  record.push(entry)
  acknowledged('after a sign-in')
  if (Math.random() < 0.3) return
  const isSignOut = Math.random() < 0.7
  // From here on, until there is an answer, nobody knows.
  entry.mustLive = undefined
  entry.person = person.copy()
  try {
    if (isSignOut) await person.signOut()
    else await person.signIn()
  } catch {
    figures.unacknowledged++
    return
  }
  entry.mustLive = false
  acknowledged(isSignOut ? 'after a sign-out' : 'after a sign-in')
  if (isSignOut) {
    figures.signOuts++
    return
  }
  figures.signIns++
  figures.left++
  record.push({ person, mustLive: true })
}

/** The administrator ends every session of a subject; the next thing that happens is the end. */
async function forceOut(subject, kill) {
  const ada = new Person(() => dev.origin, 'ada')
  await ada.signIn()
  await ada.forceOut(subject)
  kill()
  for (const entry of records.flat()) {
    if (entry.person.subject !== subject) continue
    if (entry.mustLive) figures.forcedOut++
    entry.mustLive = false
  }
}

/** Whether what was acknowledged holds, now that it runs again. */
async function check(entries) {
  for (const { person, mustLive } of entries) {
    const [status, { subject, ended }] = await person.me()
    figures.checks++
    if (status === 200 ? subject !== person.subject : status !== 401 || ended !== 'revoked') {
      report('an answer was wrong', `${status} ${ended}`)
    }
    if (mustLive === true && status !== 200) report('a live session was lost', `${status} ${ended}`)
    if (mustLive === false && status !== 401) report('a sign-out was lost', `${status}`)
  }
}

function report(fault, detail) {
  faults[fault]++
  console.error(`${fault}: ${detail}`)
}

function sampleOf(entries) {
  return entries
    .map((entry) => ({ entry, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, SAMPLE)
    .map(({ entry }) => entry)
}
