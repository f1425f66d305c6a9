/**
 * The watching of one session by one page: the timer, the listeners and the agreement between tabs.
 * What is due is decided in deadlines.ts, what an answer is worth in ask.ts.
 *
 * One rule stands over the rest: only the server knows that a session ended. A deadline that has
 * passed here is a reason to ask, never to say so.
 */

import { systemClock } from '../lib/platform.ts'
import type { Answer, ClientEndReason, Route } from './ask.ts'
import { type Deadlines, endOf, type Limit, retryDelay, touchFrom } from './deadlines.ts'
import { Questions } from './questions.ts'
import type { SessionWatcher, SessionWatcherEvents, WatchState } from './types.ts'

/**
 * What only a person causes. Not `scroll`, because scripts scroll too, and people do it with these.
 * Some assistive technology sends nothing but `click`, and dictation nothing but `input`.
 */
const INPUT = ['click', 'input', 'keydown', 'pointerdown', 'pointermove', 'touchmove', 'wheel']
const WAKING = ['visibilitychange', 'pageshow', 'focus', 'online']

/** A longer timer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1
/** What clocks and timers may be off, so that a question asked at the end finds it passed. */
const SLACK = 500
/** The least time between an answer and the next question that nobody asked for. */
const PAUSE = 1000

export class Watcher extends EventTarget implements SessionWatcher {
  state: WatchState = 'unknown'
  readonly #warnBefore: number
  readonly #touchEvery: number
  readonly #listening = new AbortController()
  readonly #tabs: BroadcastChannel | undefined
  readonly #questions: Questions
  #known: Deadlines | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #retryAt = 0
  #wantsToStay = false
  #busy = 0

  constructor(url: string, warnBefore: number, touchEvery: number) {
    super()
    this.#warnBefore = warnBefore
    this.#touchEvery = touchEvery
    this.#questions = new Questions(url, (answer, route) => this.#onAnswer(answer, route))
    const { signal } = this.#listening
    for (const type of INPUT) {
      addEventListener(type, this.#onInput, { signal, passive: true, capture: true })
    }
    for (const type of WAKING) addEventListener(type, this.#onWake, { signal })
    if (typeof BroadcastChannel === 'function') {
      this.#tabs = new BroadcastChannel(`sealed-session/1 ${url}`)
      this.#tabs.onmessage = ({ data }) => this.#onNews(data)
    }
    this.#plan()
  }

  get offline(): boolean {
    return this.#failures > 0
  }

  get limit(): Limit | undefined {
    return this.#known && endOf(this.#known).limit
  }

  get secondsLeft(): number | undefined {
    return this.#known && Math.max(0, Math.ceil(this.#untilEnd(this.#known) / 1000))
  }

  async extend(): Promise<boolean> {
    this.#wantsToStay = true
    return (await this.#ask('/touch')).is === 'alive'
  }

  async signOut(): Promise<boolean> {
    const answer = await this.#ask('/sign-out')
    return answer.is === 'over' && answer.ok
  }

  busy<T>(work: Promise<T>): Promise<T> {
    const done = () => {
      this.#busy--
      this.#plan()
    }
    this.#busy++
    this.#plan()
    work.then(done, done)
    return work
  }

  stop(): void {
    if (!this.#isOver()) this.#leave('stopped')
  }

  /** Sets the timer for what is due next, or does it. An answer under way plans anew. */
  #plan(): void {
    clearTimeout(this.#timer)
    if (this.#isOver() || this.#questions.isAsking) return
    const { at, route } = this.#next()
    const wait = at - systemClock()
    if (wait <= 0) this.#ask(route)
    else this.#timer = setTimeout(() => this.#plan(), Math.min(wait, LONGEST_TIMER))
  }

  /** The next question that nobody has to ask for, and when, on this device's clock. */
  #next(): { at: number; route: Route } {
    if (this.#failures > 0) return { at: this.#retryAt, route: this.#wantsToStay ? '/touch' : '' }
    const known = this.#known
    if (!known) return { at: 0, route: '' }
    const end = endOf(known).at
    const ask = this.state === 'warning' ? end + SLACK : end - this.#warnBefore
    const touch = this.#busy > 0 ? this.#touchFrom(known) : Infinity
    const at = Math.max(Math.min(ask, touch), known.saidAt + PAUSE) - known.ahead
    return { at, route: touch < Infinity ? '/touch' : '' }
  }

  #ask(route: Route): Promise<Answer> {
    return this.#isOver() ? Promise.resolve({ is: 'none' }) : this.#questions.ask(route)
  }

  #onAnswer(answer: Answer, route: Route): void {
    if (answer.is === 'none') this.#onFailure(answer.status)
    else this.#onSuccess(answer, route)
    this.#plan()
  }

  #onSuccess(answer: Answer, route: Route): void {
    if (route) this.#wantsToStay = false
    // Every tab finds out by itself what a status says, when it needs to know.
    if (route || answer.is === 'over') this.#tabs?.postMessage(answer)
    const wasOffline = this.offline
    this.#failures = 0
    if (wasOffline) this.#emit('online', null)
    this.#follow(answer)
  }

  #onFailure(status: number | undefined): void {
    this.#retryAt = systemClock() + retryDelay(++this.#failures)
    if (this.#failures === 1) this.#emit('offline', status === undefined ? {} : { status })
  }

  /** Another tab touched or found the end. An older touch than one that is known says nothing new. */
  #onNews(answer: Answer): void {
    const known = this.#known?.idleAt ?? 0
    if (answer.is === 'alive' && answer.deadlines.idleAt <= known) return
    this.#follow(answer)
    this.#plan()
  }

  #follow(answer: Answer): void {
    if (this.#isOver()) return
    if (answer.is === 'over') this.#end(answer.reason)
    if (answer.is === 'alive') this.#goOn(answer.deadlines)
  }

  #goOn(next: Deadlines): void {
    const before = this.#known && endOf(this.#known).at
    const { at, limit } = endOf(next)
    const wasNear = this.state === 'warning'
    const isNear = at - (systemClock() + next.ahead) <= this.#warnBefore + SLACK
    const moved = before !== undefined && at > before
    this.#known = next
    this.state = isNear ? 'warning' : 'active'
    const secondsLeft = this.secondsLeft ?? 0
    if (moved || (wasNear && !isNear)) this.#emit('extended', { secondsLeft })
    if (isNear && (moved || !wasNear)) this.#emit('warning', { secondsLeft, limit })
  }

  #end(reason: ClientEndReason): void {
    this.#leave('ended')
    this.dispatchEvent(new CustomEvent('ended', { detail: { reason } }))
  }

  #leave(state: 'ended' | 'stopped'): void {
    this.state = state
    clearTimeout(this.#timer)
    this.#questions.drop()
    this.#listening.abort()
    this.#tabs?.close()
  }

  /** Before a warning, input is a reason to touch; under a warning the visitor has to say so. */
  readonly #onInput = (event: Event): void => {
    if (this.state !== 'active' || this.offline || !this.#known) return
    if (!event.isTrusted || document.visibilityState !== 'visible' || isStandingStill(event)) return
    if (systemClock() + this.#known.ahead >= this.#touchFrom(this.#known)) this.#ask('/touch')
  }

  /** Timers stand still with the device, and a page from the back/forward cache may be long over. */
  readonly #onWake = (event: Event): void => {
    if (document.visibilityState !== 'visible') return
    this.#retryAt = 0
    const restored = event.type === 'pageshow' && (event as PageTransitionEvent).persisted
    if (restored || this.state === 'warning') this.#ask('')
    else this.#plan()
  }

  #isOver(): boolean {
    return this.state === 'ended' || this.state === 'stopped'
  }

  #touchFrom(known: Deadlines): number {
    return touchFrom(known, this.#touchEvery, this.#warnBefore)
  }

  #untilEnd(known: Deadlines): number {
    return endOf(known).at - (systemClock() + known.ahead)
  }

  #emit<Type extends keyof SessionWatcherEvents>(
    type: Type,
    detail: SessionWatcherEvents[Type]['detail'],
  ): void {
    if (!this.#isOver()) this.dispatchEvent(new CustomEvent(type, { detail }))
  }
}

/** Browsers send a `pointermove` too when the page moves under a pointer that rests. */
function isStandingStill(event: Event): boolean {
  const { movementX, movementY } = event as PointerEvent
  return event.type === 'pointermove' && !movementX && !movementY
}
