/**
 * This checkout beside another one of the same project, in the same run: is a change slower?
 *
 *     git worktree add ../before <commit> && npm ci --prefix ../before
 *     npm run bench:compare -- ../before
 *
 * A ratio is what the other checkout takes, when this one is 1.00. A row is slower than before when
 * its ratio, with the quartiles around it, lies under 1. After the folder, rows can be chosen by the
 * start of their id: `known`, `unseen-100`.
 */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { asText, requestsReport } from './report.mjs'
import { measureRequests, ROWS, startApart } from './requests/measure.mjs'

const ROUNDS = 15

const [, , folder, start = ''] = process.argv
const rows = ROWS.filter(({ id }) => id.startsWith(start))
const checkout = folder && resolve(folder)
if (!checkout || !existsSync(resolve(checkout, 'src/index.ts'))) {
  console.error('Name the folder of another checkout: npm run bench:compare -- ../before')
  process.exit(1)
}

const compared = [
  { name: 'this-checkout', app: 'sealed-session', bare: 'bare-hono' },
  { name: 'the-other', app: 'sealed-session', bare: 'bare-hono', checkout },
]
const contenders = await startApart(compared)
try {
  for await (const row of measureRequests(contenders, { rounds: ROUNDS, rows, compared })) {
    console.log(`\n${asText(requestsReport(row))}`)
  }
} finally {
  await contenders.stop()
}
