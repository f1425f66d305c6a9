/**
 * Forms that say for whom their page was made, so that `sameSubject()` can refuse them after somebody
 * else has signed in.
 */

import type { PropsWithChildren } from 'hono/jsx'
import type { Viewer } from '../viewer.ts'

interface FormProps {
  action: string
  viewer: Viewer
  class?: string
  id?: string
}

export const Form = ({ viewer, children, ...attributes }: PropsWithChildren<FormProps>) => (
  <form method="post" {...attributes}>
    <input type="hidden" name="session-subject" value={viewer.tag} />
    {children}
  </form>
)
