/**
 * Something to tell, above the rest of a page.
 */

import type { PropsWithChildren } from 'hono/jsx'

export const Notice = ({
  kind,
  children,
}: PropsWithChildren<{ kind: 'good' | 'bad' | 'info' }>) => (
  <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
    {children}
  </div>
)
