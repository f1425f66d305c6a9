/**
 * Reads `Cookie` headers and tokens of a megabyte, in a process of its own: work that grows with
 * the square of the length would take hours, and whoever started it gives up long before.
 */

import { createSessionManager, generateKey, unseal } from '../../src/index.ts'

const LENGTH = 1_000_000
const NAME = '__Host-Http-session'
const keys = generateKey()
const manager = createSessionManager({ keys, revocationList: 'none' })

const pieces = [' ', '\t', ' \t', ';', '; ', ',', ', ', '=', '.', '"', '%', 'A', 'a=1; ', '\u00a0']
const fill = (piece) => piece.repeat(LENGTH / piece.length)
const headers = [
  ...pieces.map((piece) => `${NAME}=${fill(piece)}x`),
  ...pieces.map((piece) => `x=1${fill(piece)}y; ${NAME}=1`),
  ...pieces.map((piece) => `${fill(piece)}${NAME}=1`),
  fill(`${NAME}=`),
  fill(`${NAME}=; `),
  `${fill(`${NAME}-activity=x; `)}${NAME}=1`,
  Array.from({ length: 30_000 }, (_, index) => `${NAME}=${index}.`).join('; '),
]

for (const header of headers) {
  const request = new Request('https://site.example/')
  Object.defineProperty(request.headers, 'get', { value: () => header })
  const session = await manager.load(request)
  if (session.sid !== undefined) throw new Error('a session from nothing')
}
for (const piece of pieces) {
  for (const token of [
    fill(piece),
    `eyJ..${fill(piece)}`,
    `${'A'.repeat(94)}..${fill(piece)}.A.A`,
  ]) {
    const code = await unseal(token, { keys, purpose: 'x' }).catch((error) => error.code)
    if (code !== 'malformed') throw new Error(`a token of ${JSON.stringify(piece)} is ${code}`)
  }
}
console.log(headers.length + 3 * pieces.length)
