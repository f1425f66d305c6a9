/** Instants as people write them by hand. */

// An instant under this is in seconds, because in milliseconds it would lie in 1973 or before.
const LEAST_MILLISECONDS = 1e11

/** A mark as an operator may write it: milliseconds, seconds or ISO 8601. `Infinity` if it is none of these. */
export function readMark(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined
  const text = value.trim().replace(/^"(.*)"$/, '$1')
  if (/^\d+(\.\d+)?$/.test(text)) {
    const instant = Number(text)
    return instant < LEAST_MILLISECONDS ? instant * 1000 : instant
  }
  const isIso = /^\d{4}-\d\d-\d\d(T|$)/.test(text)
  const instant = isIso ? Date.parse(text) : Number.NaN
  return Number.isNaN(instant) ? Number.POSITIVE_INFINITY : instant
}
