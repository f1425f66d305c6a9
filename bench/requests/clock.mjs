/**
 * The clock inside a Worker stands still while it works, and a session that is read twice in the
 * same millisecond need not be written again (hono-sessions notices that). So the driver moves the
 * clock, by a second a request. Every contender pays for this stand-in alike.
 */
const RealDate = Date
let now = RealDate.UTC(2026, 10, 21)

class DrivenDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now)
    else super(...args)
  }
  static now() {
    return now
  }
}
globalThis.Date = DrivenDate

export function setNow(milliseconds) {
  now = milliseconds
}
