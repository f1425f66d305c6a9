/** `ways.mjs` as a process of Node, Bun or Deno: a line in, a line out. */
import process from 'node:process'
import { createInterface } from 'node:readline'
import { run } from './ways.mjs'

process.stdout.write(`${process.pid}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  await run(JSON.parse(line))
  process.stdout.write('done\n')
}
