/**
 * What becomes of drafts, in a page that is made of what `keepDrafts()` looks at. That browsers are
 * such pages is tested in them.
 */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Drafts, keepDrafts } from '../../src/client/drafts.ts'
import type { SessionWatcher } from '../../src/client/types.ts'

/** Keeps what is stored as its own properties, as the browser's does. */
class FakeStorage {
  [name: string]: unknown
  getItem(name: string): unknown {
    return this[name] ?? null
  }
  setItem(name: string, text: string): void {
    this[name] = text
  }
  removeItem(name: string): void {
    delete this[name]
  }
}

class FakeField extends EventTarget {
  readonly name: string
  readonly defaultValue: string
  readonly type: string = 'textarea'
  readonly autocomplete: string = ''
  value: string
  readonly heard: string[] = []

  constructor(name: string, sent = '', attributes: { type?: string; autocomplete?: string } = {}) {
    super()
    Object.assign(this, attributes)
    this.name = name
    this.value = this.defaultValue = sent
    for (const type of ['input', 'draft-restored']) {
      this.addEventListener(type, () => this.heard.push(type))
    }
  }
  matches(selector: string): boolean {
    return selector === '[data-draft]'
  }
}

/** A page with fields, and the drafts that it keeps. */
class FakePage {
  readonly fields: readonly FakeField[]
  readonly watcher: EventTarget & { state: string; subjectTags: string[] }
  readonly drafts: Drafts
  readonly #document = new EventTarget()

  constructor(subjectTags: string[], fields: readonly FakeField[], state = 'active') {
    this.fields = fields
    this.watcher = Object.assign(new EventTarget(), { state, subjectTags })
    const page = Object.assign(this.#document, { querySelectorAll: () => fields })
    vi.stubGlobal('document', page)
    this.drafts = keepDrafts(this.watcher as unknown as SessionWatcher)
  }

  type(field: FakeField, text: string): Promise<number> {
    field.value = text
    const event = new Event('input')
    Object.defineProperty(event, 'target', { value: field })
    this.#document.dispatchEvent(event)
    return this.drafts.held()
  }

  hear(type: string, detail: object): Promise<number> {
    this.watcher.dispatchEvent(new CustomEvent(type, { detail }))
    return this.drafts.held()
  }
}

/** What the field `letter` holds on a page that is opened now. */
async function reopened(tags: string[], sent = '', state?: string): Promise<FakeField> {
  const field = new FakeField('letter', sent)
  await new FakePage(tags, [field], state).drafts.held()
  return field
}

let storage: FakeStorage

beforeEach(() => {
  storage = new FakeStorage()
  vi.stubGlobal('localStorage', storage)
  vi.stubGlobal('location', { pathname: '/letters' })
})
afterEach(() => vi.unstubAllGlobals())

describe('a draft', () => {
  it('is put back for the same subject, and the page hears of it', async () => {
    const field = new FakeField('letter')
    expect(await new FakePage(['ada'], [field]).type(field, 'Dear Ærø, …')).toBe(1)
    const { value, heard } = await reopened(['ada'])
    expect(value).toBe('Dear Ærø, …')
    expect(heard).toEqual(['input', 'draft-restored'])
  })

  it('is put back, however long', async () => {
    const field = new FakeField('letter')
    const text = 'a long letter '.repeat(50_000)
    await new FakePage(['ada'], [field]).type(field, text)
    expect((await reopened(['ada'])).value).toBe(text)
  })

  it('is no text, and each time another', async () => {
    const field = new FakeField('letter')
    const page = new FakePage(['ada'], [field])
    await page.type(field, 'a secret')
    const [first] = Object.values(storage)
    await page.type(field, 'a secret')
    const [second] = Object.values(storage)
    expect(atob(String(second))).not.toContain('a secret')
    expect(second).not.toBe(first)
  })

  it('is found under the tag of an older key, and the newer one comes first', async () => {
    const field = new FakeField('letter')
    await new FakePage(['ada-1'], [field]).type(field, 'older')
    expect((await reopened(['ada-2', 'ada-1'])).value).toBe('older')
    await new FakePage(['ada-2', 'ada-1'], [field]).type(field, 'newer')
    expect((await reopened(['ada-2', 'ada-1'])).value).toBe('newer')
  })

  it('is not put back over what is typed while it is decrypted', async () => {
    const field = new FakeField('letter')
    await new FakePage(['ada'], [field]).type(field, 'the draft')
    const again = new FakeField('letter')
    const { decrypt } = crypto.subtle
    vi.spyOn(crypto.subtle, 'decrypt').mockImplementation(async (...how) => {
      again.value = 'typed meanwhile'
      return decrypt.apply(crypto.subtle, how)
    })
    await new FakePage(['ada'], [again]).drafts.held()
    vi.restoreAllMocks()
    expect(again.value).toBe('typed meanwhile')
  })

  it('is neither put back nor counted nor forgotten for another subject', async () => {
    const field = new FakeField('letter')
    await new FakePage(['ada'], [field]).type(field, 'of ada')
    const page = new FakePage(['grace'], [new FakeField('letter')])
    expect(await page.drafts.held()).toBe(0)
    await page.drafts.clear()
    expect(page.fields[0]?.value).toBe('')
    expect((await reopened(['ada'])).value).toBe('of ada')
  })

  it('is not put back where nobody is signed in', async () => {
    const field = new FakeField('letter')
    await new FakePage(['ada'], [field]).type(field, 'of ada')
    expect((await reopened(['ada'], '', 'ended')).value).toBe('')
  })

  it('is put back over an empty text that was typed, and not over what was typed meanwhile', async () => {
    const field = new FakeField('letter', 'as sent')
    await new FakePage(['ada'], [field]).type(field, '')
    expect((await reopened(['ada'], 'as sent')).value).toBe('')
    const typed = new FakeField('letter', 'as sent')
    typed.value = 'typed meanwhile'
    await new FakePage(['ada'], [typed]).drafts.held()
    expect(typed.value).toBe('typed meanwhile')
  })

  it('is forgotten when the server has sent it, or the text is as sent again', async () => {
    const field = new FakeField('letter')
    const page = new FakePage(['ada'], [field])
    await page.type(field, 'saved')
    await reopened(['ada'], 'saved')
    expect(await page.drafts.held()).toBe(0)
    expect(await page.type(field, 'again')).toBe(1)
    expect(await page.type(field, '')).toBe(0)
  })

  it('is one for each field and path, and is forgotten alone', async () => {
    const [letter, note] = [new FakeField('letter'), new FakeField('note')]
    const page = new FakePage(['ada'], [letter, note])
    await page.type(letter, 'a letter')
    expect(await page.type(note, 'a note')).toBe(2)
    vi.stubGlobal('location', { pathname: '/notes' })
    expect(await page.type(note, 'another note')).toBe(3)
    await page.drafts.forget(note as unknown as HTMLInputElement)
    expect(await page.drafts.held()).toBe(2)
    vi.stubGlobal('location', { pathname: '/letters' })
    expect((await reopened(['ada'])).value).toBe('a letter')
  })

  it.each([
    { type: 'password' },
    { autocomplete: 'section-a current-password' },
    { autocomplete: 'one-time-code' },
    { autocomplete: 'cc-csc' },
  ])('is never kept of a secret: %j', async (attributes) => {
    const field = new FakeField('secret', '', attributes)
    expect(await new FakePage(['ada'], [field]).type(field, '123')).toBe(0)
  })

  it('is gone after a sign-out, and none is kept until somebody signs in again', async () => {
    const field = new FakeField('letter')
    const page = new FakePage(['ada'], [field])
    await page.type(field, 'before')
    expect(await page.hear('ended', { reason: 'idle' })).toBe(1)
    expect(await page.hear('ended', { reason: 'signed-out', recorded: true })).toBe(0)
    expect(await page.type(field, 'between')).toBe(0)
    await page.hear('resumed', {})
    expect(await page.type(field, 'after')).toBe(1)
  })

  it('is kept as it was typed last, also when the disk was full meanwhile', async () => {
    const field = new FakeField('letter')
    const page = new FakePage(['ada'], [field])
    vi.spyOn(storage, 'setItem').mockImplementationOnce(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    expect(await page.type(field, 'lost')).toBe(0)
    void page.type(field, 'one')
    void page.type(field, 'two')
    await page.type(field, 'three')
    expect((await reopened(['ada'])).value).toBe('three')
  })
})
