/** Runs in the pages of the test site: watches the session and notes down what it hears. */

import { type SessionWatcherEvents, type WatchOptions, watchSession } from '../../src/client.ts'
import { type Drafts, keepDrafts } from '../../src/client-drafts.ts'
import '../../src/client-element.ts'

const NAMES = [
  'warning',
  'extended',
  'overdue',
  'ended',
  'resumed',
  'offline',
  'online',
] as const satisfies (keyof SessionWatcherEvents)[]

const events: unknown[] = []

function watch(options: WatchOptions) {
  const watcher = watchSession(options)
  for (const name of NAMES) {
    watcher.addEventListener(name, ({ detail }) => events.push({ name, ...detail }))
  }
  return watcher
}

const { watch: options, tag, drafts: selector } = document.documentElement.dataset
// As an app does that knows for whom it made the page.
const watcher = options
  ? watch({ ...(tag ? { subjectTag: tag } : {}), ...JSON.parse(options) })
  : undefined

const drafts = watcher && selector ? keepDrafts(watcher, selector) : undefined

declare global {
  var test: {
    watcher: typeof watcher
    drafts: Drafts | undefined
    events: typeof events
    watchSession: typeof watchSession
    work: (() => void) | undefined
  }
}

globalThis.test = { watcher, drafts, events, watchSession, work: undefined }

const warning = document.querySelector('session-warning')
if (warning && watcher) warning.watcher = watcher
