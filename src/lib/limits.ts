/** Limits in time that the whole library shares. */

/** The longest life of anything sealed, in seconds: browsers cap cookies at 400 days (RFC 6265bis section 5.5). */
export const LONGEST_LIFE: number = 400 * 86_400

/** How far servers' clocks may differ, in milliseconds; a claim from further ahead is not ours. */
export const CLOCK_TOLERANCE = 60_000

/** How far servers' clocks differ at most where they are kept well, in milliseconds. */
export const CLOCK_DIFFERENCE = 1_000
