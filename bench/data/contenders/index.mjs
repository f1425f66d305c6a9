/** The contenders that keep data in a store, and the bare framework that is subtracted from each. */
export const CONTENDERS = [
  { name: 'sealed-session', bare: 'bare-hono' },
  { name: 'hono-session', label: '@hono/session', bare: 'bare-hono' },
  { name: 'hono-sessions', bare: 'bare-hono' },
  { name: 'express-session', label: 'express-session, connect-redis', bare: 'bare-express' },
]

/** All files of this folder that are an app. */
export const NAMES = [...new Set(CONTENDERS.flatMap(({ name, bare }) => [bare, name]))]
