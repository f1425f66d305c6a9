/**
 * The visitor's session, note and other browsers.
 */

import type { PropsWithChildren } from 'hono/jsx'
import type { Viewer } from '../viewer.ts'
import { dayAndTime, inWords } from '../words.ts'
import { Countdown } from './countdown.tsx'
import { DraftHint } from './draft-hint.tsx'
import { Form } from './form.tsx'
import { Layout } from './layout.tsx'
import { Notice } from './notice.tsx'

interface HomeProps {
  viewer: Viewer
  now: number
  signedInAt: Date | undefined
  idleExpiresAt: Date | undefined
  absoluteExpiresAt: Date | undefined
  remembered: boolean
  /** Since when the session is bound to the device. */
  boundSince: Date | undefined
  note: string
  /** The note that did not fit. */
  rejectedNote?: string | undefined
  /** About how many characters fit. */
  mostNote: number
  /** Whether the other sessions were just signed out. */
  othersEnded: boolean
  /** Whether the note was just saved. */
  noteSaved: boolean
  /** Why the other sessions were not signed out. */
  othersError?: string | undefined
}

export const HomePage = (props: HomeProps) => {
  const { viewer, now, rejectedNote, othersError } = props
  return (
    <Layout title={rejectedNote === undefined ? 'Your session' : 'Note not saved'} viewer={viewer}>
      <h1>Hello, {viewer.name}</h1>
      {props.noteSaved && <Notice kind="good">Your note is saved.</Notice>}
      {props.othersEnded && <Notice kind="good">All your other sessions are over.</Notice>}
      <section class="card">
        <h2>Your session</h2>
        <Countdown
          now={now}
          idleExpiresAt={props.idleExpiresAt}
          absoluteExpiresAt={props.absoluteExpiresAt}
        />
        <dl>
          <Fact name="Signed in as">
            <div class="named">
              {viewer.subject}
              {viewer.isAdministrator && <span class="badge">administrator</span>}
            </div>
          </Fact>
          <Fact name="Signed in at">{props.signedInAt && <Time at={props.signedInAt} />}</Fact>
          <Fact name="Without activity, ends after">
            {props.idleExpiresAt && until(props.idleExpiresAt, now)}
          </Fact>
          <Fact name="In any case, ends in">
            {props.absoluteExpiresAt && (
              <>
                {until(props.absoluteExpiresAt, now)}
                <small>
                  <Time at={props.absoluteExpiresAt} />
                </small>
              </>
            )}
          </Fact>
          <Fact name="When the browser closes">
            {props.remembered ? 'you stay signed in' : 'you are signed out'}
          </Fact>
          <Fact name="A copy of your cookies">
            {props.boundSince === undefined ? (
              <>
                works elsewhere too
                <small>
                  Over https, Chrome binds the session to this device. Then a copy dies within
                  minutes.
                </small>
              </>
            ) : (
              <>
                dies within minutes
                <small>
                  Bound to this device since <Time at={props.boundSince} />
                </small>
              </>
            )}
          </Fact>
        </dl>
        {viewer.isAdministrator && (
          <p>
            <a href="/admin">Administration</a>
          </p>
        )}
      </section>
      <section class="card">
        <h2>While you work</h2>
        <p class="scripted">
          <strong id="unread">No</strong> unread messages.
          <small class="below">
            The page asks every few seconds. That does not keep your session alive.
          </small>
        </p>
        <p>
          <a href="/letter">Write a letter</a>
          <small class="below scripted">
            Typing keeps your session alive, and so does a long operation.
          </small>
        </p>
      </section>
      <section class="card">
        <h2>
          <label for="note">Your note</label>
        </h2>
        {rejectedNote !== undefined && (
          <Notice kind="bad">
            <span id="note-error">
              This note is too long and was not saved. Shorten it to about{' '}
              {props.mostNote.toLocaleString('en')} characters, fewer with accents or emoji.
            </span>
          </Notice>
        )}
        <Form action="/note" viewer={viewer}>
          <textarea
            id="note"
            name="note"
            rows={5}
            data-draft
            aria-describedby={
              rejectedNote === undefined ? 'note-hint note-draft' : 'note-error note-hint'
            }
            {...(rejectedNote === undefined ? {} : { 'aria-invalid': 'true', autofocus: true })}
          >
            {`\n${rejectedNote ?? props.note}`}
          </textarea>
          <DraftHint field="note">
            Kept encrypted: in the cookie, or in the server’s store if it is long. It goes when the
            session ends.
          </DraftHint>
          <button type="submit" class="main">
            Save note
          </button>
        </Form>
        {rejectedNote !== undefined && (
          <>
            <h3>The note that is still saved</h3>
            <p class="kept">{props.note === '' ? 'None.' : props.note}</p>
          </>
        )}
      </section>
      <section class="card" id="other-browsers">
        <h2>Other browsers</h2>
        <p>
          <a href="/sessions">Where you are signed in</a>
        </p>
        <p>Left another computer signed in? This ends all your sessions but this one.</p>
        {othersError && (
          <Notice kind="bad">
            <span id="others-error">{othersError}</span>
          </Notice>
        )}
        <Form action="/sign-out-others" viewer={viewer} class="row">
          {/* For password managers. */}
          <input type="text" autocomplete="username" value={viewer.subject} readonly hidden />
          <div>
            <label for="others-password">Your password</label>
            <input
              id="others-password"
              name="password"
              type="password"
              autocomplete="current-password"
              required
              {...(othersError
                ? { 'aria-invalid': 'true', 'aria-describedby': 'others-error', autofocus: true }
                : {})}
            />
          </div>
          <button type="submit">Sign out everywhere else</button>
        </Form>
      </section>
    </Layout>
  )
}

const Time = ({ at }: { at: Date }) => <time datetime={at.toISOString()}>{dayAndTime(at)}</time>

const until = (at: Date, now: number): string => inWords(Math.ceil((at.getTime() - now) / 1000))

/** One line of a list of facts. */
const Fact = ({ name, children }: PropsWithChildren<{ name: string }>) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)
