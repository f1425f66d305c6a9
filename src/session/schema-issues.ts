/**
 * The issues of a schema, without the values that its messages may repeat (`must be a string (was
 * "…")`), because an app shows them and may log them.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { DataIssue } from '../lib/errors.ts'

const MOST = 20
const LONGEST = 200
/** So many characters in common are a quotation. They are looked for where a value begins. */
const PIECE = 12
const BEGINNING = 10_000
/** Longer JSON is not searched, because a visitor may have sent it. Then no message is passed on. */
const MOST_SEARCHED = 200_000

/** The path of an issue. Data is JSON, so its parts are names and indices. */
export const pathOf = ({ path = [] }: StandardSchemaV1.Issue): (string | number)[] =>
  path
    .map((part) => (typeof part === 'object' ? part.key : part))
    .map((key) => (typeof key === 'number' ? key : String(key)))

/** A message that repeats a value, or a piece of one, gives way to one that does not. */
export function withoutValues(
  issues: readonly StandardSchemaV1.Issue[],
  json: string,
): readonly DataIssue[] {
  const values = new Set<string>()
  JSON.parse(json, (_, value) => {
    if (typeof value === 'object') return value
    // As JSON too, because a message can have it with its escapes.
    values.add(wordsOf(String(value))).add(wordsOf(JSON.stringify(value)))
    return value
  })
  values.delete(NO_WORDS)
  return issues.slice(0, MOST).map((issue) => {
    const message = issue.message.slice(0, LONGEST)
    const isQuoting = json.length > MOST_SEARCHED || [...values].some(isQuotedIn(wordsOf(message)))
    return { path: pathOf(issue), message: isQuoting ? 'not accepted' : message }
  })
}

const NO_WORDS = '  '

/** The words of a text with a space before, between and after them: punctuation does not count. */
const wordsOf = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `

const isQuotedIn = (message: string) => (value: string) => {
  if (message.includes(value)) return true
  const beginning = value.slice(0, BEGINNING)
  for (let at = 0; at + PIECE <= message.length; at++) {
    if (beginning.includes(message.slice(at, at + PIECE))) return true
  }
  return false
}
