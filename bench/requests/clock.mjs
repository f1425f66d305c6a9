/**
 * The clock inside a Worker stands still while it works, and a session that is read twice in the
 * same millisecond does not have to be written again (hono-sessions notices that). So the driver
 * moves the clock by a second per request. This stand-in costs every contender the same.
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
