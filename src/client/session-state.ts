/**
 * What a page knows of its session, and the events that follow from it. Asks nobody: answers come
 * from watcher.ts, what they are worth is in ask.ts and deadlines.ts.
 *
 * Two rules stand over the rest. A warning is due by what this device knows, whatever the server
 * does. But only the server knows that a session ended: a deadline that has passed here is a reason
 * to ask and to cover the page, never to say so.
 */

import type { ClientEndReason, Said } from './ask.ts'
import { serverClock } from './clock.ts'
import type { Deadlines, Limit } from './deadlines.ts'
import type { SessionWatcherEvents, WatchState } from './types.ts'

/** How long the answer at the end may take before the page should be covered, in milliseconds. */
const GRACE = 2000

export class SessionState extends EventTarget {
  state: WatchState = 'unknown'
  overdue = false
  reason: ClientEndReason | undefined
  subjectTags: readonly string[]
  protected readonly clock: ReturnType<typeof serverClock> = serverClock()
  protected known: Deadlines | undefined
  protected warnBefore: number

  constructor(warnBefore: number, subjectTags: readonly string[]) {
    super()
    this.warnBefore = warnBefore
    this.subjectTags = subjectTags
  }

  get limit(): Limit | undefined {
    return this.known?.limit
  }

  get secondsLeft(): number | undefined {
    return this.known && Math.max(0, Math.ceil(this.#untilEnd(this.known) / 1000))
  }

  protected isOver(): boolean {
    return this.state === 'ended' || this.state === 'stopped'
  }

  /** Says what has come true by itself. Gives the time until the next of it. */
  protected judge(): number {
    const { known } = this
    if (!known || this.overdue) return Infinity
    const left = this.#untilEnd(known)
    if (this.state === 'active') {
      const untilWarning = left - this.warnBefore
      if (untilWarning > 0) return untilWarning
      this.#warn(known)
    }
    if (left > -GRACE) return left + GRACE
    this.overdue = true
    this.emit('overdue')
    return Infinity
  }

  protected follow(said: Said): void {
    if (this.state === 'stopped') return
    if (said.is === 'over') this.#end(said.reason, said.recorded)
    else if (!this.isSame(said)) this.#end('other-subject')
    else this.#goOn(said)
  }

  protected isSame({ tags }: Pick<Deadlines, 'tags'>): boolean {
    const { subjectTags } = this
    return !subjectTags.length || !tags.length || tags.some((tag) => subjectTags.includes(tag))
  }

  #goOn(next: Deadlines): void {
    if (next.idleTimeout <= this.warnBefore) {
      reportError(
        new TypeError(
          `"warnBefore" must be less than ${next.idleTimeout / 1000}, the idle timeout; got ${this.warnBefore / 1000}`,
        ),
      )
      // Or everybody would be warned all the time.
      this.warnBefore = next.idleTimeout / 2
    }
    const before = this.known
    const was = this.state
    const isNear = this.#untilEnd(next) <= this.warnBefore
    const hasMoved = !!before && next.endAt > before.endAt
    this.known = next
    this.subjectTags = next.tags
    this.overdue = false
    this.reason = undefined
    this.state = isNear ? 'warning' : 'active'
    const secondsLeft = this.secondsLeft ?? 0
    if (was === 'ended') this.emit('resumed', { secondsLeft })
    else if (hasMoved || (was === 'warning' && !isNear)) this.emit('extended', { secondsLeft })
    if (isNear && (hasMoved || was !== 'warning' || next.limit !== before?.limit)) this.#warn(next)
  }

  #warn({ limit }: Deadlines): void {
    this.state = 'warning'
    this.emit('warning', { secondsLeft: this.secondsLeft ?? 0, limit })
  }

  #end(reason: ClientEndReason, recorded?: boolean): void {
    if (this.state === 'ended' && reason === this.reason) return
    this.state = 'ended'
    this.overdue = false
    this.reason = reason
    this.emit('ended', { reason, recorded })
  }

  #untilEnd(known: Deadlines): number {
    return known.endAt - this.clock.now()
  }

  protected emit<Type extends keyof SessionWatcherEvents>(
    type: Type,
    detail?: SessionWatcherEvents[Type]['detail'] | undefined,
  ): void {
    if (this.state === 'stopped') return
    this.dispatchEvent(new CustomEvent(type, { detail, cancelable: type === 'ended' }))
  }
}
