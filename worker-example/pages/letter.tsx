/**
 * Work that takes longer than a session lasts without activity: a long text, and a long operation.
 * What it does is in client/letter.ts.
 */

import type { Viewer } from '../viewer.ts'
import { inWords } from '../words.ts'
import { Countdown } from './countdown.tsx'
import { DraftHint } from './draft-hint.tsx'
import { Layout } from './layout.tsx'

interface LetterProps {
  viewer: Viewer
  now: number
  idleExpiresAt: Date | undefined
  absoluteExpiresAt: Date | undefined
  /** A duration of the operation that is not in the list. */
  seconds: number | undefined
}

/** How long the operation takes, in seconds. */
const DURATIONS = [90, 300, 3600]

export const LetterPage = ({ viewer, seconds, ...times }: LetterProps) => (
  <Layout title="A letter" viewer={viewer}>
    <p>
      <a href="/">Back to your session</a>
    </p>
    <h1>A letter</h1>
    <noscript>
      <div class="notice bad">
        This page needs JavaScript: without it nothing keeps your text or runs the operation.
      </div>
    </noscript>
    <Countdown {...times} />
    <section class="card">
      <h2>
        <label for="letter">Your letter</label>
      </h2>
      <textarea
        id="letter"
        name="letter"
        rows={10}
        data-draft
        aria-describedby="letter-hint letter-draft"
      />
      <DraftHint field="letter">
        <span class="scripted">
          Typing keeps your session alive. If it ends all the same, your text is here again after
          you have signed in. It is kept on this device, encrypted, until you sign out.
        </span>
      </DraftHint>
    </section>
    <section class="card scripted">
      <h2>A long operation</h2>
      <p>It keeps the session alive until it is done, though you do nothing meanwhile.</p>
      <div class="row">
        <div>
          <label for="seconds">It takes</label>
          <select id="seconds">
            {(seconds === undefined ? DURATIONS : [seconds, ...DURATIONS]).map((duration) => (
              <option value={duration}>{inWords(duration)}</option>
            ))}
          </select>
        </div>
        <button type="button" id="operate" class="main">
          Start
        </button>
      </div>
      <p id="operation" role="status" />
    </section>
  </Layout>
)
