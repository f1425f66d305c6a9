/**
 * One question at a time, so that answers come in the order of what they describe. A lesser
 * question shares the answer of a greater one under way; a greater one replaces a lesser.
 */

import { type Answer, ask, type Route } from './ask.ts'
import type { ServerClock } from './clock.ts'

/** After so long the visitor is told, and the answer is still waited for; in milliseconds. */
const SLOW = 10_000
/** After so long it is asked anew. */
const PATIENCE = 30_000

interface Listeners {
  /** Hears every answer but those of questions that were replaced. */
  onAnswer: (answer: Answer, route: Route) => void
  onSlow: () => void
}

export interface Questions {
  isAsking(): boolean
  /** `tag` says for whom the page was made. */
  ask(route: Route, tag: string | undefined): Promise<Answer>
  /** Forgets the question under way. */
  drop(): void
}

export function questions(
  url: string,
  clock: ServerClock,
  { onAnswer, onSlow }: Listeners,
): Questions {
  let asking: { route: Route; abort: AbortController; answer: Promise<Answer> } | undefined

  const drop = () => {
    asking?.abort.abort()
    asking = undefined
  }

  async function exchange(
    route: Route,
    tag: string | undefined,
    abort: AbortController,
  ): Promise<Answer> {
    const isCurrent = () => asking?.abort === abort
    // Neither does anything after the answer.
    setTimeout(() => isCurrent() && onSlow(), SLOW)
    setTimeout(() => abort.abort(), PATIENCE)
    const answer = await ask(url, route, tag, abort.signal, clock)
    if (!isCurrent()) return {}
    asking = undefined
    onAnswer(answer, route)
    return answer
  }

  return {
    isAsking: () => !!asking,
    ask(route, tag) {
      // Every answer has a status, and a sign-out leaves nothing to touch.
      if (asking && (!route || [route, '/sign-out'].includes(asking.route))) return asking.answer
      drop()
      const abort = new AbortController()
      const answer = exchange(route, tag, abort)
      asking = { route, abort, answer }
      return answer
    },
    drop,
  }
}
