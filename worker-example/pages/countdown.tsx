/**
 * The time that is left, written by client/page.ts. A `timer` is there for screen readers to read,
 * but they do not announce each of its seconds.
 */
export const Countdown = () => (
  <p class="countdown" id="countdown" hidden>
    <span role="timer" aria-label="Time left" />
    <small />
  </p>
)
