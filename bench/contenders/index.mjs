/** The contenders, and the bare framework that is subtracted from each. Ours is the first. */
export const CONTENDERS = [
  { name: 'sealed-session', bare: 'bare-hono' },
  { name: 'hono-session', label: '@hono/session', bare: 'bare-hono' },
  { name: 'iron-session', bare: 'bare-hono' },
  { name: 'hono-sessions', bare: 'bare-hono' },
  { name: 'h3', label: 'h3 useSession', bare: 'bare-h3' },
]

/** All files of this folder that are an app. */
export const NAMES = [...new Set(CONTENDERS.flatMap(({ name, bare }) => [bare, name]))]
