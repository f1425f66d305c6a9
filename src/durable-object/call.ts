/** One call to a Durable Object. */

/** What is needed of a namespace to reach an object. */
export interface ObjectNamespace<Id, Stub> {
  idFromName(name: string): Id
  get(id: Id, options?: { locationHint?: string }): Stub
}

/**
 * Calls an object, once more if the object has moved or was deployed anew. So the work must be one
 * that can be done twice. A new stub for each attempt, because a stub that has failed can go on
 * failing.
 */
export async function callObject<Id, Stub, T>(
  namespace: ObjectNamespace<Id, Stub>,
  id: Id,
  locationHint: string | undefined,
  work: (object: Stub) => Promise<T>,
): Promise<T> {
  const attempt = () => work(namespace.get(id, locationHint ? { locationHint } : {}))
  try {
    return await attempt()
  } catch (error) {
    const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean }
    if (retryable !== true || overloaded === true) throw error
    return attempt()
  }
}
