/**
 * Under a field whose text client/drafts.ts may have put back. Its room is there from the beginning, so
 * that the page does not move.
 */
export const Restored = ({ field }: { field: string }) => (
  <p class="restored" id={`${field}-draft`} role="status" data-restored={field}>
    <span hidden>Your unsaved text is back.</span>{' '}
    <button type="button" class="quiet" hidden>
      Discard it
    </button>
  </p>
)
