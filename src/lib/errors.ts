/**
 * The one error class for failures while an app serves requests or unseals tokens. A developer's
 * mistake is a `TypeError` instead. A bad cookie is not an error: it sets `session.ended`. Messages
 * carry no secret, no token and no session data.
 */

/** The kind of failure. It is stable across releases: branch on the code, never on the message. */
export type SessionErrorCode =
  /** `unseal`, `verify`: the token does not have the form of ours, or has another wire version. */
  | 'malformed'
  /** `unseal`, `verify`: no key of the ring has the token's key id. */
  | 'unknown-key'
  /** `unseal`, `verify`: forged, damaged, made for another purpose, or from the future. */
  | 'invalid'
  /** `unseal`, `verify`: past its `ttl`. */
  | 'expired'
  /** The value is too large for one cookie; the message names the size, the limit and the biggest members. */
  | 'too-large'
  /** JSON cannot represent the value exactly; the message names the path. */
  | 'not-json'
  /** The schema refused the data at commit; the message names the paths, `issues` says why. */
  | 'data'
  /** The session was changed after its cookies had been written. */
  | 'committed'
  /** The session was used after `destroy()`. */
  | 'destroyed'
  /** The session was found revoked, or was signed out, while the call was under way. */
  | 'ended'
  /** `once`: the token has been used before. */
  | 'used'
  /** The revocation list could not be read or written in time. */
  | 'revocation-unavailable'
  /** The data store could not be read or written in time, or does not have the data yet. */
  | 'data-unavailable'
  /** The `keys` function failed, or the keys of an identity provider could not be read. */
  | 'keys-unavailable'
  /** The session is bound to a device, and the browser could not prove it at the moment. */
  | 'proof-unavailable'
  /** The session index could not be read in time. */
  | 'index-unavailable'

/** One reason why a schema refused data. */
export interface DataIssue {
  /** Where in `session.data`: names and indices. */
  readonly path: readonly (string | number)[]
  /** The schema's message; `not accepted` if that one repeats a value of the data. */
  readonly message: string
}

/**
 * A failure with a stable `code`.
 *
 * @example
 * if (error instanceof SessionError && error.code === 'too-large') return c.text('too long', 413)
 */
export class SessionError extends Error {
  override readonly name = 'SessionError'
  readonly code: SessionErrorCode
  readonly #issues: readonly DataIssue[] | undefined

  constructor(
    code: SessionErrorCode,
    message: string,
    options?: ErrorOptions & { issues?: readonly DataIssue[] },
  ) {
    super(message, options)
    this.code = code
    this.#issues = options?.issues
  }

  /**
   * Why the schema refused the data, for the code `data`: at most 20 issues, to be shown to the
   * person who entered it. They are not printed with the error.
   */
  get issues(): readonly DataIssue[] | undefined {
    return this.#issues
  }
}
