/**
 * A page that only says something.
 */

import type { PropsWithChildren } from 'hono/jsx'
import { Layout } from './layout.tsx'

interface MessageProps {
  title: string
  subject?: string | undefined
}

export const MessagePage = ({ title, subject, children }: PropsWithChildren<MessageProps>) => (
  <Layout title={title} subject={subject}>
    <div class="narrow">
      <h1>{title}</h1>
      {children}
      <p>
        <a href="/">Back to the start</a>
      </p>
    </div>
  </Layout>
)
