/**
 * What sessions know of device binding. The logic is in `binding/` and is reached through the object
 * that the app passes, so that an app without it does not bundle it.
 */

import type { SessionError } from '../lib/errors.ts'
import type { Revocable } from './revocation-list.ts'

/** What the `binding` option of `createSessionManager` takes: made by `deviceBinding`. */
export interface DeviceBinding<Host = never> {
  /** For the session manager only. */
  connect(host: Host): ConnectedBinding
}

/** Events about bound sessions, for operators. */
export type BindingEvent =
  /** A browser has proved for the first time that it holds the key of its session. */
  | { type: 'bound'; session?: string }
  /**
   * A second key was offered for a session that is bound, and was refused. If it happens to a
   * browser that did nothing unusual, somebody holds a copy of the answer to its sign-in.
   */
  | { type: 'second-key'; session?: string }

/**
 * What the activity cookie records of the binding: `true` once the session was proved, otherwise the
 * instant at which the list had no mark that it is bound, in milliseconds.
 */
export type BoundClaim = true | number | undefined

/** The claims of a session that matter to its binding. */
export interface Bindable extends Revocable {
  /** When it is over in any case, in milliseconds. */
  readonly limit: number
}

/** Why a session does not go on: an error if the browser cannot prove now, or the list could not be asked. */
export type BindingRefusal = 'revoked' | 'unbound' | SessionError

/** A binding as a session manager uses it. */
export interface ConnectedBinding {
  /** The binding during one request. `header` is its `Cookie` header. */
  open(request: Request, header: string): RequestBinding
  /** The answer to a request of the browser itself; `undefined` for any other request. */
  answer(request: Request): Promise<Response | undefined>
}

/** The binding of a session during one request. */
export interface RequestBinding {
  /** Whether the browser itself asks, to register or to prove. Such a request has no session. */
  readonly isOwn: boolean
  /** For the activity cookie. */
  readonly claim: BoundClaim
  /** When the key was registered, if the request carries a proof; in milliseconds. */
  readonly since: number | undefined
  /** Seconds since the browser was asked for the proof. */
  readonly age: number | undefined
  /** `undefined` if the session goes on. `claim` is what its activity cookie says. */
  check(session: Bindable, claim: BoundClaim): Promise<BindingRefusal | undefined>
  /** Asks the list now. False if the session needs a proof. Rejects if the list is unavailable. */
  recheck(): Promise<boolean>
  /** Whether the request can end a family whose cookie came. Never rejects. */
  mayEnd(family: string): Promise<boolean>
  /** Somebody signs in: a proof of an earlier session is void. */
  begin(session: Bindable): void
  /** Makes the browser prove anew before its next request. */
  askForProof(): void
  /** What the response has to carry. */
  outcome(response: ResponseOutcome): Promise<BindingOutcome | undefined>
}

/** What a response does to the session. */
export interface ResponseOutcome {
  /** The `Set-Cookie` value of the session cookie. */
  readonly session: string | undefined
  /** Whether a session lives on. */
  readonly isLive: boolean
}

/** What a binding adds to a response. */
export interface BindingOutcome {
  /** A `Set-Cookie` value that clears the bound cookie. */
  readonly cookie: string
  /** The value of `Secure-Session-Registration`, which offers the browser to register a key. */
  readonly offer?: string
}
