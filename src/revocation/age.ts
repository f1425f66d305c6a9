/** How long ago something was found. Clocks of servers differ, so an age can be negative. */

/** In milliseconds; infinite if it never was. */
export const ageOf = (instant: number | undefined, now: number): number =>
  instant === undefined ? Number.POSITIVE_INFINITY : now - instant

/** Whether it is recent enough. With a limit of 0 nothing is, even if another clock is ahead. */
export const isWithin = (limit: number, instant: number | undefined, now: number): boolean =>
  limit > 0 && ageOf(instant, now) < limit
