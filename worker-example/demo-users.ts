/**
 * Who may sign in. A real app looks them up and compares with a slow hash of the password.
 */

interface DemoUser {
  readonly name: string
  readonly isAdministrator: boolean
}

/** By username, which is also the subject of the session. */
export const demoUsers: ReadonlyMap<string, DemoUser> = new Map([
  ['ada', { name: 'Ada', isAdministrator: true }],
  ['grace', { name: 'Grace', isAdministrator: false }],
])

/** The same for all, and said on the page. */
export const DEMO_PASSWORD = 'demo'
