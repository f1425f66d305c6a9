/**
 * Mutants of the browser side, as far as it needs no browser. The watcher and the dialog are tested in
 * real ones, which takes minutes.
 */

import type { Group } from './mutant.ts'

export const client: readonly Group[] = [
  {
    file: 'src/client/ask.ts',
    tests: ['test/client/questions.test.ts'],
    mutants: [
      {
        name: 'lets a question of the page count as activity',
        find: "'Session-Activity': 'passive', ",
        replace: '',
        ci: true,
      },
      {
        name: 'does not say for whom the page was made',
        find: "[SUBJECT_HEADER]: tag ?? ''",
        replace: "[SUBJECT_HEADER]: ''",
      },
      {
        name: 'loses a sign-out when the page is closed',
        find: 'keepalive: !!route',
        replace: 'keepalive: false',
      },
      {
        name: 'takes an error page for a session that is over',
        find: 'if (!saidAt) return undefined',
        replace: '',
        ci: true,
      },
      {
        name: 'takes whatever is not signed in for a session that is over',
        find: 'signedIn === false',
        replace: 'signedIn !== true',
        ci: true,
      },
      {
        name: 'takes a session without an end for one that is alive',
        find: ' || !end.endAt',
        replace: '',
      },
      {
        name: 'says that a sign-out was recorded when it was not',
        find: "route === '/sign-out' ? response.ok : undefined",
        replace: "route === '/sign-out' ? true : undefined",
      },
      {
        name: 'calls every end a sign-out',
        find: "ended ?? 'signed-out'",
        replace: "'signed-out'",
      },
      {
        name: 'forgets the time that the answer took',
        find: '(took > PROMPT ? took : took / 2)',
        replace: '0',
      },
      {
        name: 'trusts the middle of a long round trip',
        find: 'took > PROMPT ? took : took / 2',
        replace: 'took / 2',
      },
    ],
  },
  {
    file: 'src/client/clock.ts',
    tests: ['test/client/questions.test.ts'],
    mutants: [
      {
        name: 'does not count the time that the device slept',
        find: 'ahead + slept',
        replace: 'ahead',
        ci: true,
      },
      {
        name: 'takes a clock that was set back for the time',
        find: 'Math.max(0, doubt())',
        replace: 'doubt()',
      },
      {
        name: 'does not notice a clock that was set back',
        find: 'Math.abs(apart) > TOLERANCE',
        replace: 'apart > TOLERANCE',
      },
      {
        name: 'doubts every small difference',
        find: 'Math.abs(apart) > TOLERANCE',
        replace: 'Math.abs(apart) > 0',
      },
      {
        name: 'goes on doubting after the server has answered',
        find: '      known = lead\n',
        replace: '',
      },
      {
        name: 'counts sleep twice',
        find: '      slept = 0\n',
        replace: '',
      },
    ],
  },
  {
    file: 'src/client/questions.ts',
    tests: ['test/client/questions.test.ts'],
    mutants: [
      {
        name: 'lets a status stand for a sign-out',
        find: '!route || [route',
        replace: 'route || [route',
        ci: true,
      },
      {
        name: 'asks for a touch while a sign-out is under way',
        find: "[route, '/sign-out']",
        replace: '[route]',
      },
      {
        name: 'hears the answer to a question that was replaced',
        find: 'if (!isCurrent()) return {}',
        replace: '',
      },
      {
        name: 'waits for ever',
        find: 'setTimeout(() => abort.abort(), PATIENCE)',
        replace: '',
      },
      {
        name: 'never says that the server is slow',
        find: 'setTimeout(() => isCurrent() && onSlow(), SLOW)',
        replace: '',
      },
      {
        name: 'calls a server slow that has answered',
        find: 'isCurrent() && onSlow()',
        replace: 'onSlow()',
      },
    ],
  },
  {
    file: 'src/client/deadlines.ts',
    tests: ['test/client/client.test.ts'],
    mutants: [
      {
        name: 'calls the later limit the end',
        find: 'Math.min(idleAt, absoluteAt)',
        replace: 'Math.max(idleAt, absoluteAt)',
      },
      {
        name: 'keeps what it knows over an answer that was asked for later',
        find: 'isLater || ',
        replace: '',
      },
      {
        name: 'takes an old session with a later deadline for the one that the browser kept',
        find: 'next.startedAt - known.startedAt || ',
        replace: '',
      },
      {
        name: 'warns people who type when the idle timeout is short',
        find: 'Math.min(interval, untilWarning / 2)',
        replace: 'interval',
      },
      {
        name: 'lets all tabs retry at once',
        find: ' * (1 - Math.random() / 2)',
        replace: ' * 2',
      },
    ],
  },
  {
    file: 'src/client/dialog-texts.ts',
    tests: ['test/client/client.test.ts'],
    mutants: [
      {
        name: 'overstates the time left',
        find: 'Math.floor(seconds / 60)',
        replace: 'Math.ceil(seconds / 60)',
      },
      {
        name: 'fails over a language that nobody knows',
        find: "return inLanguage('en')",
        replace: "throw new TypeError('lang')",
      },
      {
        name: 'speaks every second',
        find: 'now <= mark && mark < before',
        replace: 'now <= mark',
      },
    ],
  },
  {
    file: 'src/client/session-state.ts',
    tests: ['test/client/session-state.test.ts'],
    mutants: [
      {
        name: 'never warns',
        find: 'if (untilWarning > 0) return untilWarning',
        replace: 'return untilWarning',
        ci: true,
      },
      {
        name: 'covers the page as soon as the end has passed',
        find: 'if (left > -GRACE) return left + GRACE',
        replace: 'if (left > 0) return left',
      },
      {
        name: 'goes on as somebody else',
        find: "else if (!this.isSame(said)) this.#end('other-subject')",
        replace: '',
        ci: true,
      },
      {
        name: 'takes an older server’s answer for somebody else',
        find: '!tags.length || ',
        replace: '',
      },
      {
        name: 'lets a late answer revive a watcher that was stopped',
        find: "    if (this.state === 'stopped') return\n    if (said",
        replace: '    if (said',
      },
      {
        name: 'says the same end twice',
        find: "if (this.state === 'ended' && reason === this.reason) return",
        replace: '',
      },
      {
        name: 'does not go on when the same subject has signed in again',
        find: "if (was === 'ended') this.emit('resumed', { secondsLeft })\n    else if",
        replace: 'if',
      },
      {
        name: 'warns all the time when the warning time is too long',
        find: 'this.warnBefore = next.idleTimeout / 2',
        replace: '',
      },
      {
        name: 'does not say that the other limit is the one now',
        find: ' || next.limit !== before?.limit',
        replace: '',
      },
      {
        name: 'leaves the page covered after an extension',
        find: '    this.overdue = false\n    this.reason = undefined',
        replace: '    this.reason = undefined',
      },
      {
        name: 'lets the app answer nothing',
        find: "cancelable: type === 'ended'",
        replace: 'cancelable: false',
      },
    ],
  },
  {
    file: 'src/client/drafts.ts',
    tests: ['test/client/drafts.test.ts'],
    mutants: [
      {
        name: 'keeps passwords, codes and card numbers',
        find: ' && !SECRET.test(field.type + field.autocomplete)',
        replace: '',
        ci: true,
      },
      {
        name: 'keeps what is nobody’s after a sign-out',
        find: 'if (isKeeping) ',
        replace: '',
        ci: true,
      },
      {
        name: 'forgets drafts at every end of a session',
        find: 'if (detail.recorded === undefined) return',
        replace: '',
      },
      {
        name: 'leaves drafts in the browser after a sign-out',
        find: '    queue(clear)\n',
        replace: '',
        ci: true,
      },
      {
        name: 'keeps nothing after the sign-in that follows a sign-out',
        find: "'resumed', () => {\n    isKeeping = true",
        replace: "'resumed', () => {",
      },
      {
        name: 'forgets the drafts of other subjects',
        find: 'kept.startsWith(name)',
        replace: "kept.startsWith('session-draft ')",
        ci: true,
      },
      {
        name: 'puts a draft over what was typed meanwhile',
        find: 'if (kept && field.value === field.defaultValue)',
        replace: 'if (kept)',
      },
      {
        name: 'keeps a draft that the server has sent',
        find: 'if (text === field.value) return forget(field)',
        replace: '',
      },
      {
        name: 'keeps a text that is as it was sent',
        find: 'if (!place || field.value === field.defaultValue) return',
        replace: 'if (!place) return',
      },
      {
        name: 'puts drafts back where nobody is signed in',
        find: "else if (watcher.state !== 'ended')",
        replace: 'else',
      },
      {
        name: 'keeps nothing any more once the disk was full',
        find: 'working.then(work).catch(() => {})',
        replace: 'working.then(work)',
      },
      {
        name: 'has one draft for all pages',
        find: '${location.pathname} ${field.name',
        replace: '${field.name',
      },
      {
        name: 'seals two texts alike',
        find: 'randomBytes(12)',
        replace: 'new Uint8Array(12)',
        ci: true,
      },
      {
        name: 'cannot seal a long text',
        find: "btoa(characters.join(''))",
        replace: 'btoa(String.fromCharCode(...iv, ...new Uint8Array(sealed)))',
      },
      {
        name: 'does not tell the page that a text was put back',
        find: "field.dispatchEvent(new Event('draft-restored', { bubbles: true }))",
        replace: '',
      },
    ],
  },
]
