/**
 * The app of every contender: the user that it signs in, the data that it keeps, and its answers.
 */

import { randomUUID } from 'node:crypto'

export { ABSOLUTE, bytesAsked, IDLE, KEY, SUBJECT } from '../../contenders/app.mjs'

/** A cart whose JSON has about the given number of bytes. The first member is what changes. */
export function dataOf(bytes) {
  const data = { visits: 0, items: [] }
  let left = bytes - JSON.stringify(data).length
  while (left > 0) {
    const item = { id: randomUUID(), name: 'a thing to buy', count: 3, price: 19.9 }
    data.items.push(item)
    left -= JSON.stringify(item).length + 1
  }
  return data
}

/** The answer of each route: proof that the subject and all of the data were read. */
export function answer(subject, data) {
  const { visits = null, items = [] } = data ?? {}
  return { subject: subject ?? null, visits, last: items.at(-1)?.id ?? null, items: items.length }
}
