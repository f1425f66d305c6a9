/**
 * The watching of one session by one page: when the server is asked, and the agreement between tabs.
 * What follows from an answer is decided in session-state.ts.
 */

import { systemClock } from '../lib/platform.ts'
import type { Answer, Route, Said } from './ask.ts'
import { type Deadlines, retryDelay, supersedes, touchFrom } from './deadlines.ts'
import { hearInput, isByVisitor, isVisible, WAKING } from './page-events.ts'
import { SUBJECT_HEADER } from './protocol.ts'
import { type Questions, questions } from './questions.ts'
import { SessionState } from './session-state.ts'
import type { Pending, SessionWatcher } from './types.ts'

/** How often it is looked for sleep, clocks that were set and new frames; all in milliseconds. */
const LOOK_EVERY = 5000
/** The server is asked so long before the warning, so that none comes up that it would make void. */
const LEAD = 3000
/** What clocks and timers may be off, so that a question asked at the end finds it passed. */
const SLACK = 500
/** The least time between an answer and the next question that nobody asked for. */
const PAUSE = 1000

/** What a tab tells the others: an answer, when it was told by two clocks, and of whom. */
interface News {
  readonly said: Said
  readonly now: number
  readonly at: number
  readonly tags?: readonly string[]
}

export class Watcher extends SessionState implements SessionWatcher {
  readonly #touchEvery: number
  readonly #checkEvery: number
  readonly #listening = new AbortController()
  #tabs: BroadcastChannel | undefined
  readonly #questions: Questions
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Asked until it is answered. */
  #wanted: Route = ''
  #failures = 0
  /** By the monotonic clock. */
  #retryAt = 0
  #answeredAt = 0
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
    super(warnBefore, subjectTags)
    this.#touchEvery = touchEvery
    this.#checkEvery = checkEvery
    this.#questions = questions(url, this.clock, {
      onAnswer: (answer, route) => this.#onAnswer(answer, route),
      onSlow: () => this.#onFailure(),
    })
    const { signal } = this.#listening
    for (const type of WAKING) addEventListener(type, this.#onWake, { signal })
    if (globalThis.BroadcastChannel) {
      this.#tabs = new BroadcastChannel(`sealed-session/2 ${url}`)
      this.#tabs.onmessage = ({ data }) => this.#onNews(data)
    }
    this.#plan()
  }

  get pending(): Pending | undefined {
    if (!this.#wanted || this.isOver()) return undefined
    return this.#wanted === '/touch' ? 'stay' : 'sign-out'
  }

  get offline(): boolean {
    return this.#failures > 0
  }

  async extend(): Promise<boolean> {
    return (await this.#insist('/touch')).is === 'alive'
  }

  async signOut(): Promise<boolean> {
    const answer = await this.#insist('/sign-out')
    return answer.is === 'over' && answer.recorded !== false
  }

  busy<T>(work: Promise<T>): Promise<T> {
    if (!work?.then) throw new TypeError('busy() takes a promise')
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
    if ([401, 409].includes(response.status)) this.#check()
    return response
  }

  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const [tag] = this.subjectTags
    if (tag && request.url.startsWith(`${location.origin}/`)) {
      request.headers.set(SUBJECT_HEADER, tag)
    }
    return this.heard(await fetch(request))
  }

  stop(): void {
    this.state = 'stopped'
    clearTimeout(this.#timer)
    this.#questions.drop()
    this.#listening.abort()
    this.#tabs?.close()
    this.#tabs = undefined
  }

  /** Says what has come true, asks what is due, and sets the timer for what comes next. */
  #plan(): void {
    clearTimeout(this.#timer)
    if (this.isOver()) {
      this.#want('')
      return
    }
    hearInput(window, this.#onInput, this.#listening.signal)
    const untilNews = this.judge()
    const [wait, route] = this.#next()
    const isAsking = this.#questions.isAsking()
    if (wait <= 0 && !isAsking) void this.#ask(route)
    const next = Math.min(untilNews, isAsking || wait <= 0 ? Infinity : wait, LOOK_EVERY)
    this.#timer = setTimeout(() => this.#plan(), next)
  }

  /** The next question that nobody has to ask for. */
  #next(): [wait: number, route: Route] {
    if (this.offline) {
      return [this.#retryAt - performance.now(), this.#hadInput ? '/touch' : '']
    }
    const { known } = this
    if (!known || this.clock.doubt()) return [0, '']
    const { endAt, saidAt } = known
    const beforeWarning = endAt - this.warnBefore - LEAD
    const ask = saidAt < beforeWarning ? beforeWarning : endAt + SLACK
    const check = isVisible() ? saidAt + this.#checkEvery : Infinity
    const touch = this.#busy ? this.#touchFrom(known) : Infinity
    const wait = Math.max(Math.min(ask, check, touch), saidAt + PAUSE) - this.clock.now()
    return [wait, touch < Infinity ? '/touch' : '']
  }

  #want(route: Route): void {
    if (this.#wanted === route) return
    this.#wanted = route
    this.emit('pending', this.pending)
  }

  #touchFrom(known: Deadlines): number {
    return touchFrom(known, this.#touchEvery, this.warnBefore)
  }

  async #insist(route: Route): Promise<Answer> {
    if (this.isOver()) return {}
    if (this.#wanted !== '/sign-out') this.#want(route)
    return this.#ask(route)
  }

  /** A request of the visitor goes before a question of the page. */
  #ask(route: Route): Promise<Answer> {
    return this.#questions.ask(this.#wanted || route, this.subjectTags[0])
  }

  /** Asks whether the session is still there, unless that was answered a moment ago. */
  #check(): void {
    const now = performance.now()
    if (this.state === 'stopped' || now < this.#retryAt) return
    if (this.clock.doubt() || now - this.#answeredAt > PAUSE) void this.#ask('')
  }

  #onAnswer(answer: Answer, route: Route): void {
    if (answer.is) this.#onSuccess(answer, route)
    else if (route && answer.status === 409) {
      // By a guard of the app that stands before the routes, as `sameSubject()`.
      this.#want('')
      void this.#ask('')
    } else this.#onFailure(answer.status)
    this.#plan()
  }

  #onFailure(status?: number): void {
    this.clock.assumeSleep()
    const isAwaited = this.#wanted || (this.state === 'warning' && isVisible())
    this.#retryAt = performance.now() + retryDelay(++this.#failures, isAwaited ? 4000 : 60_000)
    if (this.#failures === 1) this.emit('offline', { status })
    this.judge()
  }

  #onSuccess(answer: Extract<Answer, Said>, route: Route): void {
    this.#answeredAt = performance.now()
    const isFirst = this.state === 'unknown'
    const wasOffline = this.offline
    this.#failures = this.#retryAt = 0
    if (route === this.#wanted) this.#want('')
    if (route) this.#hadInput = false
    if (wasOffline) this.emit('online')
    if (this.isOver() && answer.is === 'over') return
    this.follow(answer)
    // Every tab finds out by itself what a status says, when it needs to know; but a page that was
    // just opened may be the first after a sign-in or a sign-out.
    if (isFirst || route || this.isOver()) this.#tell(answer)
  }

  #tell(said: Said): void {
    // The answer of another subject would make every tab of this one ask.
    if (this.reason === 'other-subject') return
    const tags = this.subjectTags
    this.#tabs?.postMessage({ said, now: this.clock.now(), at: systemClock(), tags })
  }

  /** An answer that another tab got: of the same server, with the same clock on the wall. */
  #onNews({ said, now, at, tags = [] }: News): void {
    const { known } = this
    if (said.is === 'over') {
      if (this.isOver()) return
      // Asked before somebody signed in, it may concern an older session; or that of somebody else.
      if ((known && said.askedAt < known.saidAt) || !this.isSame({ tags })) this.#check()
      else this.follow(said)
    } else if (this.isOver() || !this.isSame(said)) {
      void this.#ask('')
    } else if (!known || supersedes(said, known)) {
      this.clock.set(now + Math.max(0, systemClock() - at))
      this.follow(said)
    }
    this.#plan()
  }

  /** Before a warning, input is a reason to touch; under a warning the visitor has to say so. */
  readonly #onInput = (event: Event): void => {
    if (this.state !== 'active' || !this.known || !isByVisitor(event)) return
    if (this.offline) this.#hadInput = true
    else if (this.clock.now() >= this.#touchFrom(this.known)) void this.#ask('/touch')
  }

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
}
