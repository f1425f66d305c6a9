/** Time limits that the whole library shares. */

/** The longest life of anything sealed, in seconds: browsers cap cookies at 400 days (RFC 6265bis section 5.5). */
export const LONGEST_LIFE: number = 400 * 86_400

/**
 * How far servers' clocks can differ, in milliseconds. A claim from further ahead is not accepted.
 */
export const CLOCK_TOLERANCE = 60_000

/** How far well-kept servers' clocks differ at most, in milliseconds. */
export const CLOCK_DIFFERENCE = 1_000
