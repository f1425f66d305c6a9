/** Asks the bundle in Node, Bun and Deno: `<runtime> host-process.mjs <bundle> <question> <answer>`. */

import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'

const [bundle, question, answerFile] = argv.slice(2)
const { answer } = await import(pathToFileURL(bundle).href)
const given = await answer(JSON.parse(readFileSync(question, 'utf8')))
writeFileSync(answerFile, JSON.stringify(given))
