/**
 * Loaded into a server before all else, so that a scenario can let time pass: `Date.now` is ahead of
 * the machine's clock by the seconds that stand in a file. A file reaches every process of a server.
 */

import { readFileSync } from 'node:fs'

const machine = Date.now
const file = process.env.CLOCK_FILE

Date.now = () => machine() + Number(readFileSync(file, 'utf8')) * 1000
