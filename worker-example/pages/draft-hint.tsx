/**
 * The hint under a field whose text client/drafts.ts may have put back. That text's message takes the
 * place of the hint, so that the page has no gap for it and does not move.
 */

import type { PropsWithChildren } from 'hono/jsx'

export const DraftHint = ({ field, children }: PropsWithChildren<{ field: string }>) => (
  <div class="draft-hint">
    <p class="restored" id={`${field}-draft`} role="status" data-restored={field}>
      <span hidden>Your unsaved text is back.</span>{' '}
      <button type="button" class="quiet" hidden>
        Discard it
      </button>
    </p>
    <p id={`${field}-hint`} class="hint">
      {children}
    </p>
  </div>
)
