/**
 * The watching of one session by one page: the timer, the listeners and the agreement between tabs.
 * What is due is decided in deadlines.ts, what an answer is worth in ask.ts.
 *
 * Two rules stand over the rest. A warning is due by what this device knows, whatever the server
 * does. But only the server knows that a session ended: a deadline that has passed here is a reason
 * to ask and to cover the page, never to say so.
 */

import { systemClock } from '../lib/platform.ts'
import type { Answer, ClientEndReason, Route, Said } from './ask.ts'
import { serverClock } from './clock.ts'
import { type Deadlines, type Limit, retryDelay, supersedes, touchFrom } from './deadlines.ts'
import { SUBJECT_HEADER } from './protocol.ts'
import { type Questions, questions } from './questions.ts'
import type { Pending, SessionWatcher, SessionWatcherEvents, WatchState } from './types.ts'

/**
 * What only a person causes. Not `scroll`, because scripts scroll too, and people do it with these.
 * Some assistive technology sends nothing but `click`, and dictation nothing but `input`.
 */
const INPUT = ['click', 'input', 'keydown', 'pointerdown', 'pointermove', 'touchmove', 'wheel']
const WAKING = ['visibilitychange', 'pageshow', 'focus', 'online']

/** How often it is looked for sleep, clocks that were set and new frames; all in milliseconds. */
const LOOK_EVERY = 5000
/** The server is asked so long before the warning, so that none comes up that it would make void. */
const LEAD = 3000
/** What clocks and timers may be off, so that a question asked at the end finds it passed. */
const SLACK = 500
/** How long the answer at the end may take before the page should be covered. */
const GRACE = 2000
/** The least time between an answer and the next question that nobody asked for. */
const PAUSE = 1000
/** The longest between two tries: usually, and while somebody waits for the answer. */
const RETRY = 60_000
const RETRY_SOON = 4000

export class Watcher extends EventTarget implements SessionWatcher {
  state: WatchState = 'unknown'
  overdue = false
  reason: ClientEndReason | undefined
  subjectTags: readonly string[]
  readonly #touchEvery: number
  readonly #checkEvery: number
  #warnBefore: number
  readonly #clock = serverClock()
  readonly #listening = new AbortController()
  readonly #tabs: BroadcastChannel | undefined
  readonly #questions: Questions
  #known: Deadlines | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  /** By the monotonic clock. */
  #retryAt = 0
  #answeredAt = 0
  /** Asked until it is answered. */
  #wanted: Route = ''
  /** Whether there was input that no touch could report. */
  #hadInput = false
  #busy = 0

  /** Durations are in milliseconds. */
  constructor(
    url: string,
    warnBefore: number,
    touchEvery: number,
    checkEvery: number,
    subjectTags: readonly string[],
  ) {
    super()
    this.#warnBefore = warnBefore
    this.#touchEvery = touchEvery
    this.#checkEvery = checkEvery
    this.subjectTags = subjectTags
    this.#questions = questions(url, {
      tag: () => this.subjectTags[0],
      onAnswer: (answer, route) => this.#onAnswer(answer, route),
      onSlow: () => this.#onFailure(undefined),
    })
    const { signal } = this.#listening
    for (const type of WAKING) addEventListener(type, this.#onWake, { signal })
    if (typeof BroadcastChannel === 'function') {
      this.#tabs = new BroadcastChannel(`sealed-session/2 ${url}`)
      this.#tabs.onmessage = ({ data }) => this.#onNews(data)
    }
    this.#plan()
  }

  get offline(): boolean {
    return this.#failures > 0
  }

  get pending(): Pending | undefined {
    if (!this.#wanted) return undefined
    return this.#wanted === '/touch' ? 'stay' : 'sign-out'
  }

  get limit(): Limit | undefined {
    return this.#known?.limit
  }

  get secondsLeft(): number | undefined {
    return this.#known && Math.max(0, Math.ceil(this.#untilEnd(this.#known) / 1000))
  }

  async extend(): Promise<boolean> {
    return (await this.#want('/touch')).is === 'alive'
  }

  async signOut(): Promise<boolean> {
    const answer = await this.#want('/sign-out')
    return answer.is === 'over' && answer.recorded !== false
  }

  busy<T>(work: Promise<T>): Promise<T> {
    if (typeof work?.then !== 'function') {
      throw new TypeError('busy() takes the promise of the work')
    }
    const done = () => {
      this.#busy--
      this.#plan()
    }
    this.#busy++
    this.#plan()
    work.then(done, done)
    return work
  }

  heard(response: Response): Response {
    if (response.status === 401 || response.status === 409) this.#check()
    return response
  }

  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const [tag] = this.subjectTags
    const isOurs = new URL(request.url).origin === location.origin
    if (tag && isOurs) request.headers.set(SUBJECT_HEADER, tag)
    return this.heard(await fetch(request))
  }

  stop(): void {
    this.state = 'stopped'
    clearTimeout(this.#timer)
    this.#questions.drop()
    this.#listening.abort()
    this.#tabs?.close()
  }

  // Deadlines

  /** Says what has come true, asks what is due, and sets the timer for what comes next. */
  #plan(): void {
    clearTimeout(this.#timer)
    if (this.#isOver()) return
    this.#hear(window)
    const untilNews = this.#judge()
    const { wait, route } = this.#next()
    const isAsking = this.#questions.isAsking()
    if (wait <= 0 && !isAsking) void this.#ask(route)
    const next = Math.min(untilNews, isAsking || wait <= 0 ? LOOK_EVERY : wait, LOOK_EVERY)
    this.#timer = setTimeout(() => this.#plan(), next)
  }

  /** The next question that nobody has to ask for. */
  #next(): { wait: number; route: Route } {
    if (this.offline) {
      return { wait: this.#retryAt - performance.now(), route: this.#hadInput ? '/touch' : '' }
    }
    const known = this.#known
    if (!known || this.#clock.doubt()) return { wait: 0, route: '' }
    const { endAt, saidAt } = known
    const beforeWarning = endAt - this.#warnBefore - LEAD
    const ask = Math.min(
      saidAt < beforeWarning ? beforeWarning : endAt + SLACK,
      isVisible() ? saidAt + this.#checkEvery : Infinity,
    )
    const touch = this.#busy > 0 ? this.#touchFrom(known) : Infinity
    const wait = Math.max(Math.min(ask, touch), saidAt + PAUSE) - this.#clock.now()
    return { wait, route: touch < Infinity ? '/touch' : '' }
  }

  /** Says what has come true by itself. Gives the time until the next of it. */
  #judge(): number {
    const known = this.#known
    if (!known || this.overdue) return Infinity
    const left = this.#untilEnd(known)
    if (this.state === 'active') {
      const untilWarning = left - this.#warnBefore
      if (untilWarning > 0) return untilWarning
      this.#warn(known)
    }
    if (left > -GRACE) return left + GRACE
    this.overdue = true
    this.#emit('overdue', null)
    return Infinity
  }

  #warn(known: Deadlines): void {
    this.state = 'warning'
    this.#emit('warning', { secondsLeft: this.secondsLeft ?? 0, limit: known.limit })
  }

  // Questions and answers

  async #want(route: Route): Promise<Answer> {
    if (this.#isOver()) return { is: 'none' }
    if (this.#wanted !== '/sign-out') this.#setWanted(route)
    return this.#ask(route)
  }

  #setWanted(route: Route): void {
    if (this.#wanted === route) return
    this.#wanted = route
    this.#emit('pending', this.pending ?? null)
  }

  /** A request of the visitor goes before a question of the page. */
  #ask(route: Route): Promise<Answer> {
    return this.#questions.ask(this.#wanted || route)
  }

  /** Asks whether the session is still there, unless that was answered a moment ago. */
  #check(): void {
    const now = performance.now()
    if (this.state === 'stopped' || now < this.#retryAt) return
    if (this.#clock.doubt() || now - this.#answeredAt > PAUSE) void this.#ask('')
  }

  #onAnswer(answer: Answer, route: Route): void {
    if (answer.is === 'none') this.#onFailure(answer.status)
    else this.#onSuccess(answer, route)
    this.#plan()
  }

  #onFailure(status: number | undefined): void {
    this.#clock.assumeSleep()
    const isAwaited = this.#wanted || (this.state === 'warning' && isVisible())
    const most = isAwaited ? RETRY_SOON : RETRY
    this.#retryAt = performance.now() + retryDelay(++this.#failures, most)
    if (this.#failures === 1) this.#emit('offline', { status })
    this.#judge()
  }

  #onSuccess(answer: Exclude<Answer, { is: 'none' }>, route: Route): void {
    this.#clock.set(answer.now, answer.lead)
    this.#answeredAt = performance.now()
    const isFirst = this.state === 'unknown'
    const wasOffline = this.offline
    this.#failures = this.#retryAt = 0
    if (route === this.#wanted || answer.is === 'over') this.#setWanted('')
    if (route) this.#hadInput = false
    if (wasOffline) this.#emit('online', null)
    if (this.#isOver() && answer.is === 'over') return
    this.#follow(answer)
    // Every tab finds out by itself what a status says, when it needs to know; but a page that was
    // just opened may be the first after a sign-in or a sign-out.
    if (isFirst || route || this.#isOver()) this.#tell(answer)
  }

  #follow(said: Said): void {
    if (said.is === 'over') this.#end(said.reason, said.recorded)
    else if (!this.#isSame(said)) this.#end('other-subject')
    else this.#goOn(said)
  }

  #goOn(next: Deadlines): void {
    if (next.idleTimeout <= this.#warnBefore) {
      reportError(
        new TypeError(
          `"warnBefore" must be less than ${next.idleTimeout / 1000}, the idle timeout; got ${this.#warnBefore / 1000}`,
        ),
      )
      // Or everybody would be warned all the time.
      this.#warnBefore = next.idleTimeout / 2
    }
    const before = this.#known
    const was = this.state
    const isNear = this.#untilEnd(next) <= this.#warnBefore
    const hasMoved = before !== undefined && next.endAt > before.endAt
    this.#known = next
    this.subjectTags = next.tags
    this.overdue = false
    this.reason = undefined
    this.state = isNear ? 'warning' : 'active'
    const secondsLeft = this.secondsLeft ?? 0
    if (was === 'ended') this.#emit('resumed', { secondsLeft })
    else if (hasMoved || (was === 'warning' && !isNear)) this.#emit('extended', { secondsLeft })
    if (isNear && (hasMoved || was !== 'warning' || next.limit !== before?.limit)) this.#warn(next)
  }

  #end(reason: ClientEndReason, recorded?: boolean): void {
    if (this.#isOver() && reason === this.reason) return
    this.state = 'ended'
    this.overdue = false
    this.reason = reason
    this.#setWanted('')
    this.#emit('ended', { reason, recorded })
  }

  // Other tabs

  #tell(said: Said): void {
    // The answer of another subject would make every tab of this one ask.
    if (this.reason === 'other-subject') return
    this.#tabs?.postMessage({ said, now: this.#clock.now(), at: systemClock() })
  }

  /** An answer that another tab got: of the same server, with the same clock on the wall. */
  #onNews({ said, now, at }: { said: Said; now: number; at: number }): void {
    const known = this.#known
    if (said.is === 'over') {
      if (this.#isOver()) return
      // Asked before somebody signed in, it may concern an older session.
      if (known && said.askedAt < known.saidAt) this.#check()
      else this.#follow(said)
    } else if (this.#isOver() || !this.#isSame(said)) {
      void this.#ask('')
    } else if (!known || supersedes(said, known)) {
      this.#clock.set(now + Math.max(0, systemClock() - at))
      this.#goOn(said)
    }
    this.#plan()
  }

  #isSame({ tags }: Deadlines): boolean {
    const { subjectTags } = this
    return !subjectTags.length || !tags.length || tags.some((tag) => subjectTags.includes(tag))
  }

  // Events of the browser

  /** Listens in the page, and in its frames as far as they are of its origin. */
  #hear(page: Window): void {
    try {
      const { document } = page
      // The browser leaves out what listens already.
      const options = { signal: this.#listening.signal, passive: true, capture: true }
      for (const type of INPUT) document.addEventListener(type, this.#onInput, options)
      for (let index = 0; index < page.length; index++) this.#hear(page[index] as Window)
    } catch {
      // Of another site: what is typed there is that site's business.
    }
  }

  /** Before a warning, input is a reason to touch; under a warning the visitor has to say so. */
  readonly #onInput = (event: Event): void => {
    if (this.state !== 'active' || !this.#known) return
    if (!event.isTrusted || !isVisible() || isStandingStill(event)) return
    if (this.offline) this.#hadInput = true
    else if (this.#clock.now() >= this.#touchFrom(this.#known)) void this.#ask('/touch')
  }

  /** Timers stand still with the device, and a page from the back/forward cache may be long over. */
  readonly #onWake = (event: Event): void => {
    if (!isVisible() && event.type !== 'online') return
    if (this.offline) {
      // The question under way may be lost with the network that it began on.
      this.#questions.drop()
      this.#failures = 1
    }
    this.#retryAt = 0
    if ((event as PageTransitionEvent).persisted) void this.#ask('')
    else this.#check()
    this.#plan()
  }

  #isOver(): boolean {
    return this.state === 'ended' || this.state === 'stopped'
  }

  #touchFrom(known: Deadlines): number {
    return touchFrom(known, this.#touchEvery, this.#warnBefore)
  }

  #untilEnd(known: Deadlines): number {
    return known.endAt - this.#clock.now()
  }

  #emit<Type extends keyof SessionWatcherEvents>(
    type: Type,
    detail: SessionWatcherEvents[Type]['detail'],
  ): void {
    if (this.state === 'stopped') return
    this.dispatchEvent(new CustomEvent(type, { detail, cancelable: type === 'ended' }))
  }
}

const isVisible = (): boolean => document.visibilityState === 'visible'

/** Browsers send a `pointermove` too when the page moves under a pointer that rests. */
function isStandingStill(event: Event): boolean {
  const { movementX, movementY } = event as PointerEvent
  return event.type === 'pointermove' && !movementX && !movementY
}
