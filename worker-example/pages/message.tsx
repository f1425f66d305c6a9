/**
 * A page that only says something.
 */

import type { PropsWithChildren } from 'hono/jsx'
import type { Viewer } from '../viewer.ts'
import { Layout } from './layout.tsx'

interface MessageProps {
  title: string
  viewer?: Viewer | undefined
}

export const MessagePage = ({ title, viewer, children }: PropsWithChildren<MessageProps>) => (
  <Layout title={title} viewer={viewer}>
    <div class="narrow">
      <h1>{title}</h1>
      {children}
      <p>
        <a href="/">Back to the start</a>
      </p>
    </div>
  </Layout>
)
