/** The binding of a session during one request: whether it goes on, and what the response carries. */

import type {
  Bindable,
  BindingOutcome,
  BindingRefusal,
  BoundClaim,
  RequestBinding,
  ResponseOutcome,
} from '../contracts/device-binding.ts'
import { SessionError } from '../lib/errors.ts'
import { notFromFuture } from '../session/claims.ts'
import type { BoundClaims } from './claims.ts'
import type { Exchange, SharedParts } from './exchange.ts'

/** What a request works with. */
export interface BindingParts extends SharedParts {
  readonly exchange: Exchange
}

/** What of a request matters. */
export interface BindingRequest {
  readonly isOwn: boolean
  /** The `Cookie` header. */
  readonly header: string
  /** Whether the browser says that it could not prove: it had no answer, or no quota left. */
  readonly isSkipped: boolean
}

export class BindingOfRequest implements RequestBinding {
  readonly isOwn: boolean
  claim: BoundClaim
  readonly #request: BindingRequest
  readonly #parts: BindingParts
  #proof: BoundClaims | undefined
  /** The session that began with this request. */
  #begun: Bindable | undefined
  /** The session that came without a proof. */
  #unproved: Bindable | undefined
  /** Whether that one goes on, if the list could be asked. */
  #goesOn: boolean | undefined
  /** Whether the browser has to prove anew, because its cookie proves nothing or not enough. */
  #mustProve = false
  /** Whether what it sent is a proof of another session. */
  #isLate = false

  constructor(request: BindingRequest, parts: BindingParts) {
    this.isOwn = request.isOwn
    this.#request = request
    this.#parts = parts
  }

  get since(): number | undefined {
    return this.#proof?.since
  }

  get age(): number | undefined {
    if (this.#proof === undefined) return undefined
    return Math.max(0, this.#parts.host.now() - this.#proof.provedAt) / 1000
  }

  async check(session: Bindable, claim: BoundClaim): Promise<BindingRefusal | undefined> {
    this.#proof = await this.#findProof(session.family)
    if (this.#proof !== undefined) {
      this.claim = true
      return undefined
    }
    this.#unproved = session
    try {
      const found = await this.#withoutProof(session, claim)
      if (this.#follow(found)) return undefined
    } catch (error) {
      if (error instanceof SessionError) return error
      throw error
    }
    if (this.#request.isSkipped || this.#isLate) {
      return new SessionError('proof-unavailable', 'the browser could not prove its key')
    }
    // The browser itself may have been told a moment ago why the session is over.
    const ending = this.#parts.host.revocation.endingInMemory(session)
    return ending === undefined ? 'unbound' : 'revoked'
  }

  async recheck(): Promise<boolean> {
    const { host, marks } = this.#parts
    const session = this.#unproved
    if (session?.subject === undefined || !host.hasList) return true
    return this.#follow(await marks.ask(session.family))
  }

  /**
   * A copy of a bound session can also come beside another session that counts, or when its cookies
   * alone say that it has idled out. If the list cannot say whether it is bound, a sign-out counts more.
   */
  async mayEnd(family: string): Promise<boolean> {
    if (this.#goesOn !== undefined && family === this.#unproved?.family) return this.#goesOn
    const proofs = await this.#proofs()
    return proofs.some((one) => one.family === family) || !(await this.#parts.marks.isBound(family))
  }

  begin(session: Bindable): void {
    this.#begun = session
    this.#proof = this.#unproved = undefined
    // A family that begins now cannot be bound already.
    this.claim = session.iat
  }

  askForProof(): void {
    this.#mustProve = true
  }

  /**
   * Only a new session is offered to the browser. If a live one were, a thief could bind it first and
   * lock the owner out.
   */
  async outcome({ session, isLive }: ResponseOutcome): Promise<BindingOutcome | undefined> {
    const { cookie, exchange } = this.#parts
    if (isLive && this.#begun !== undefined) {
      return { cookie: cookie.clear(), offer: await exchange.offer(this.#begun) }
    }
    const isCleared = !isLive && session !== undefined
    return isCleared || this.#mustProve ? { cookie: cookie.clear() } : undefined
  }

  /** Whether the session without a proof goes on. */
  #follow(found: BoundClaim | 'unbound'): boolean {
    this.#goesOn = found !== 'unbound'
    if (found !== 'unbound') this.claim = found
    return this.#goesOn
  }

  /** The proofs that count, the latest first. */
  async #proofs(): Promise<readonly BoundClaims[]> {
    const { cookie, host, rules } = this.#parts
    const now = host.now()
    const how = { ring: await host.ring(), now, longest: rules.lifetime }
    const { claims } = await cookie.open(this.#request.header, how)
    return claims
      .filter(({ provedAt }) => notFromFuture(now, provedAt) && now - provedAt < rules.lifetime)
      .sort((a, b) => b.provedAt - a.provedAt)
  }

  /** The latest proof of a family. */
  async #findProof(family: string): Promise<BoundClaims | undefined> {
    if (!this.#request.header.includes(`${this.#parts.cookie.name}=`)) return undefined
    const proofs = await this.#proofs()
    const proof = proofs.find((one) => one.family === family)
    if (proof !== undefined) return proof
    // While the browser holds a cookie that proves nothing, it would not prove anew.
    this.#mustProve = true
    // The proof of a session that was left can come late, over that of this one. The next request is
    // proved.
    this.#isLate = proofs.length > 0
    return undefined
  }

  /** What the activity cookie, the time and the list say of a session without a proof. */
  async #withoutProof(
    { family, subject, iat }: Bindable,
    claim: BoundClaim,
  ): Promise<BoundClaim | 'unbound'> {
    const { host, marks, rules } = this.#parts
    // Nobody is signed in, so nothing was offered.
    if (subject === undefined) return undefined
    if (claim === true) return 'unbound'
    if (rules.policy === 'required' && host.now() - iat >= rules.grace) return 'unbound'
    // Also within the grace, which is for browsers that have not proved yet.
    return host.hasList ? marks.check(family, claim) : undefined
  }
}
