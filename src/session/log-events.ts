/** Events as structured log lines. */

import { assertOptional } from '../lib/check.ts'
import { plainEvent } from '../lib/plain-event.ts'
import type { SessionEvent } from './events.ts'

/**
 * Makes an `onEvent` that writes each event as one line of JSON, such as
 * `{"message":"session","type":"ended","reason":"idle","session":"…"}`. A `cause` is written as the
 * class of the error only. Default for `write`: `console.log`.
 *
 * @example
 * createSessionManager({ keys, revocationList, onEvent: logEvents() })
 */
export function logEvents(
  write: (line: string) => void = (line) => console.log(line),
): (event: SessionEvent) => void {
  assertOptional('write', write, 'function')
  return (event) => write(JSON.stringify({ message: 'session', ...plainEvent(event) }))
}
