/** Counts the time down that pages/countdown.tsx shows. */

import type { SessionWatcher } from 'sealed-session/client'
import { asClock, ruleOf } from '../words.ts'

export function countDown(watcher: SessionWatcher): void {
  const countdown = document.querySelector('#countdown')
  const [timer, rule] = countdown?.children ?? []
  if (!timer || !rule) return
  const draw = () => {
    const { secondsLeft, limit } = watcher
    if (secondsLeft === undefined || limit === undefined) return
    timer.textContent = asClock(secondsLeft)
    rule.textContent = ruleOf(limit)
    countdown?.classList.add('runs')
  }
  watcher.addEventListener('extended', draw)
  // Often, because the page shall not wait long for the first answer.
  setInterval(draw, 250)
}
