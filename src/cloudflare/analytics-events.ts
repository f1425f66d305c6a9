/** Events as data points of Workers Analytics Engine. */

import { plainEvent } from '../lib/plain-event.ts'

/** The part of a dataset that is used: `AnalyticsEngineDataset` has it. */
export interface EventDataset {
  writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void
}

/**
 * Makes an `onEvent` that writes each event to Workers Analytics Engine: `index1` and `blob1` are the
 * type, `blob2` the reason, scope or operation, `blob3` the pseudonym of the session, `blob4` the class
 * of the cause, `double1` the age in seconds or the size in bytes.
 *
 * @example
 * createSessionManager({ keys, revocationList, onEvent: analyticsEvents(env.EVENTS) })
 */
export function analyticsEvents(dataset: EventDataset): (event: { readonly type: string }) => void {
  if (typeof dataset?.writeDataPoint !== 'function') {
    throw new TypeError(
      'analyticsEvents() takes an Analytics Engine dataset; does wrangler.toml have a binding of the same name?',
    )
  }
  return (event) => {
    const { type, session, reason, scope, operation, age, bytes, cause } = plainEvent(event)
    dataset.writeDataPoint({
      indexes: [type],
      blobs: [type, reason ?? scope ?? operation ?? '', session ?? '', cause ?? ''],
      doubles: [age ?? bytes ?? 0],
    })
  }
}
