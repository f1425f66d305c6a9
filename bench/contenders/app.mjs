/**
 * The app of every contender: the user that it signs in, the data that it keeps, and its answers.
 * It is defined once, so that no contender does more or less than another.
 */

/** 36 characters, like a UUID. */
export const SUBJECT = '6f1a52c4-0e1c-4e43-9c55-7a8a3f1f9d20'

/** Idle and absolute timeout, in seconds. Long, because the driver's clock runs a second a request. */
export const IDLE = 7 * 24 * 60 * 60
export const ABSOLUTE = 30 * 24 * 60 * 60

/** 32 bytes as base64url; the peers that want a password take it as 43 characters. */
export const KEY = 'q3p0Yv6cQ4bN1mZs8rT2uW5xA7dE9gHjKlPoIuYtReE'

/** Data whose JSON has exactly the given number of bytes. */
export function dataOf(bytes) {
  const empty = { theme: 'dark', note: '' }
  return { ...empty, note: 'n'.repeat(bytes - JSON.stringify(empty).length) }
}

/** The answer of each route: proof that the subject and the data were read. */
export function answer(subject, data) {
  return { subject: subject ?? null, theme: data?.theme ?? null }
}

/** The number of bytes of data that a sign-in asks for. */
export function bytesAsked(url) {
  return Number(url.slice(url.lastIndexOf('=') + 1))
}
