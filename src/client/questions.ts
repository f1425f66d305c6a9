/**
 * One question at a time, so that answers come in the order of what they describe. A lesser
 * question shares the answer of a greater one under way; a greater one replaces a lesser.
 */

import { type Answer, ask, PATIENCE, type Route } from './ask.ts'

/** From the least to the greatest. */
const ROUTES: readonly Route[] = ['', '/touch', '/sign-out']

export class Questions {
  readonly #url: string
  readonly #onAnswer: (answer: Answer, route: Route) => void
  #asking: { route: Route; abort: AbortController; answer: Promise<Answer> } | undefined

  /** `onAnswer` hears every answer but those of questions that were replaced. */
  constructor(url: string, onAnswer: (answer: Answer, route: Route) => void) {
    this.#url = url
    this.#onAnswer = onAnswer
  }

  get isAsking(): boolean {
    return this.#asking !== undefined
  }

  ask(route: Route): Promise<Answer> {
    const asking = this.#asking
    if (asking && ROUTES.indexOf(route) <= ROUTES.indexOf(asking.route)) return asking.answer
    this.drop()
    const abort = new AbortController()
    const answer = this.#exchange(route, abort)
    this.#asking = { route, abort, answer }
    return answer
  }

  /** Forgets the question under way. */
  drop(): void {
    this.#asking?.abort.abort()
    this.#asking = undefined
  }

  async #exchange(route: Route, abort: AbortController): Promise<Answer> {
    const patience = setTimeout(() => abort.abort(), PATIENCE)
    const answer = await ask(this.#url, route, abort.signal)
    clearTimeout(patience)
    if (this.#asking?.abort !== abort) return { is: 'none' }
    this.#asking = undefined
    this.#onAnswer(answer, route)
    return answer
  }
}
