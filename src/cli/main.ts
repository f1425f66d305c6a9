#!/usr/bin/env node
/** The command `sealed-session`, with the real process. */

import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { run } from './run.ts'

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  async readInput() {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of process.stdin) text += decoder.decode(chunk, { stream: true })
    return text
  },
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  execute(command, args) {
    const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: false })
    if (error !== undefined) throw new Error(`${command} could not be started: ${error.message}`)
    return status ?? 1
  },
})
