/**
 * What has to hold in every framework, spoken over HTTP with a browser's cookies. Each app has the
 * same page and forms:
 *
 *   GET  /           "Hello <subject or stranger>. Theme: <theme or none>. Ended: <reason or no>."
 *   POST /sign-in    subject
 *   POST /theme      theme, kept in the session's data
 *   POST /sign-out
 *   POST /force-out  subject, whose sessions end
 *
 * Time passes because `clock` is moved.
 */

import assert from 'node:assert/strict'
import { CookieJar } from '../test/kit/cookie-jar.ts'

const SESSION = '__Host-Http-session'
const ACTIVITY = '__Host-Http-session-activity'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** Runs all steps against the app at an address, each with browsers of its own. */
export async function runScenario(address, clock, more, report) {
  for (const [name, step] of Object.entries({ ...STEPS, ...more })) {
    await step({ browser: (jar) => new Browser(address, clock, jar), clock })
    report(name)
  }
}

const STEPS = {
  async 'a stranger gets no cookie'({ browser }) {
    const ada = browser()
    const response = await ada.open('/')
    assert.deepEqual(namesSet(response), [])
    assert.equal(await wordsOf(response), 'Hello stranger. Theme: none. Ended: no.')
  },

  async 'signs in, and keeps data'({ browser }) {
    const ada = browser()
    const response = await ada.signIn('ada')
    assert.deepEqual(namesSet(response).sort(), [SESSION, ACTIVITY])
    assert.equal(response.headers.get('Cache-Control'), 'private, no-store')
    assert.equal(await ada.see(), 'Hello ada. Theme: none. Ended: no.')
    await ada.send('/theme', { theme: 'dark' })
    assert.equal(await ada.see(), 'Hello ada. Theme: dark. Ended: no.')
  },

  async 'a read slides the session and changes nothing else'({ browser, clock }) {
    const ada = browser()
    await ada.signIn('ada')
    for (let visit = 0; visit < 4; visit++) {
      await clock.pass(25 * MINUTE)
      const response = await ada.open('/')
      assert.deepEqual(namesSet(response), [ACTIVITY])
      assert.match(response.headers.get('Cache-Control'), /private/)
      assert.match(response.headers.get('Cache-Control'), /no-store/)
      assert.equal(await wordsOf(response), 'Hello ada. Theme: none. Ended: no.')
    }
  },

  async 'a page that does not exist slides it too'({ browser, clock }) {
    const ada = browser()
    await ada.signIn('ada')
    await clock.pass(25 * MINUTE)
    const response = await ada.open('/there-is-no-such-page')
    assert.equal(response.status, 404)
    assert.deepEqual(namesSet(response), [ACTIVITY])
    await response.text()
    await clock.pass(25 * MINUTE)
    assert.equal(await ada.see(), 'Hello ada. Theme: none. Ended: no.')
  },

  async 'ends when nobody was there, and says so'({ browser, clock }) {
    const ada = browser()
    await ada.signIn('ada')
    await clock.pass(30 * MINUTE)
    assert.equal(await ada.see(), 'Hello stranger. Theme: none. Ended: idle.')
    await ada.signIn('ada')
    assert.equal(await ada.see(), 'Hello ada. Theme: none. Ended: no.')
  },

  async 'ends after twelve hours, and says so'({ browser, clock }) {
    const ada = browser()
    await ada.signIn('ada')
    for (let passed = 0; passed < 12 * HOUR; passed += 20 * MINUTE) {
      assert.equal(await ada.see(), 'Hello ada. Theme: none. Ended: no.')
      await clock.pass(20 * MINUTE)
    }
    assert.equal(await ada.see(), 'Hello stranger. Theme: none. Ended: absolute.')
  },

  async 'signs out for good'({ browser }) {
    const ada = browser()
    await ada.signIn('ada')
    const copy = browser(ada.jar.clone())
    await ada.send('/sign-out')
    assert.deepEqual(ada.jar.names(), [])
    assert.equal(await ada.see(), 'Hello stranger. Theme: none. Ended: no.')
    assert.equal(await copy.see(), 'Hello stranger. Theme: none. Ended: revoked.')
  },

  async 'forces somebody out, who can sign in again'({ browser }) {
    const [ada, grace] = [browser(), browser()]
    await ada.signIn('ada')
    await grace.signIn('grace')
    await ada.send('/force-out', { subject: 'grace' })
    assert.equal(await grace.see(), 'Hello stranger. Theme: none. Ended: revoked.')
    assert.equal(await ada.see(), 'Hello ada. Theme: none. Ended: no.')
    await grace.signIn('grace')
    assert.equal(await grace.see(), 'Hello grace. Theme: none. Ended: no.')
  },

  async 'data that does not fit is an error, and changes nothing'({ browser }) {
    const ada = browser()
    await ada.signIn('ada')
    await ada.send('/theme', { theme: 'dark' })
    const response = await ada.post('/theme', { theme: 'x'.repeat(5_000) })
    assert.equal(response.status, 500)
    assert.doesNotMatch(await response.text(), /x{20}/)
    assert.equal(await ada.see(), 'Hello ada. Theme: dark. Ended: no.')
  },
}

class Browser {
  #address

  constructor(address, clock, jar = new CookieJar(clock.now)) {
    this.#address = address
    this.jar = jar
  }

  async open(path, init = {}) {
    const url = new URL(path, this.#address)
    const cookie = this.jar.headerFor(url)
    const headers = {
      Accept: 'text/html',
      // As a proxy says it, for servers that otherwise take themselves for https.
      'X-Forwarded-Proto': 'http',
      ...(cookie ? { cookie } : {}),
      ...init.headers,
    }
    const response = await fetch(url, { redirect: 'manual', ...init, headers })
    this.jar.store(response, url)
    return response
  }

  /** What the page says. */
  async see() {
    const response = await this.open('/')
    assert.equal(response.status, 200)
    return wordsOf(response)
  }

  /** Sends a form, as a page of the site does. */
  post(path, fields = {}) {
    return this.open(path, {
      method: 'POST',
      headers: { Origin: new URL(this.#address).origin, 'Sec-Fetch-Site': 'same-origin' },
      body: new URLSearchParams(fields),
    })
  }

  /** Sends a form that succeeds. */
  async send(path, fields) {
    const response = await this.post(path, fields)
    await response.arrayBuffer()
    assert.equal(response.status, 303, `POST ${path}`)
    return response
  }

  signIn(subject) {
    return this.send('/sign-in', { subject })
  }
}

async function wordsOf(response) {
  const text = await response.text()
  return /Hello [^<>]*? Ended: \w+\./.exec(text)?.[0] ?? text
}

function namesSet(response) {
  return response.headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')))
}
