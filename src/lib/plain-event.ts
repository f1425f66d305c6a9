/** An event as members of strings and numbers, for logs and metrics. */

/** The members that are written. An event has a `type`, and some of the others. */
export interface PlainEvent {
  readonly type: string
  readonly session?: string
  readonly reason?: string
  readonly scope?: string
  readonly operation?: string
  /** Seconds. */
  readonly age?: number
  readonly bytes?: number
  /** The class of the error. Its message can hold a key of the list, and with it a sid or a subject. */
  readonly cause?: string
}

const MEMBERS = ['type', 'session', 'reason', 'scope', 'operation', 'age', 'bytes'] as const

export function plainEvent(event: { readonly type: string }): PlainEvent {
  const given = event as Record<string, unknown>
  const members = MEMBERS.filter((name) => given[name] !== undefined)
  const plain = Object.fromEntries(members.map((name) => [name, given[name]]))
  if (!('cause' in given)) return plain as unknown as PlainEvent
  const cause = given.cause instanceof Error ? given.cause.name : typeof given.cause
  return { ...plain, cause } as unknown as PlainEvent
}
