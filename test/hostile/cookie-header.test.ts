/** What may stand in a `Cookie` header and be taken for a cookie of ours. */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { SessionManager } from '../../src/index.ts'
import { SESSION } from '../kit/visitor.ts'
import { look, requestReading, requestWith } from './attack.ts'
import { damaged } from './forgeries.ts'
import { outcomeOf, site, strangerTo, tally } from './site.ts'
import './setup.ts'

describe('the Cookie header', () => {
  it('gives a cookie by its exact name only', async () => {
    const { manager, ada } = await site()
    const names = [
      SESSION.toLowerCase(),
      SESSION.toUpperCase(),
      `x${SESSION}`,
      `${SESSION}x`,
      `${SESSION}-activity`,
      `-${SESSION}`,
      `$${SESSION}`,
      `"${SESSION}"`,
      `${SESSION} `,
      `${SESSION}[]`,
      `${SESSION}.0`,
      encodeURIComponent(`\u00a0${SESSION}`),
      SESSION.replace('_', '%5F'),
      SESSION.slice(1),
      'session',
      '',
    ]
    for (const name of names) {
      for (const header of [`${name}=${ada.session}`, `a=1; ${name}=${ada.session}; b=2`]) {
        await tryHeader(manager, JSON.stringify(name), requestReading(header))
      }
    }
    expect(tally.findings).toEqual([])
  })

  // Browsers enforce `__Host-` by the name they see. A name that only we take for ours can be set
  // by any neighbour under the same domain: Chromium stores these, and sends them along.
  it('gives no cookie whose name is ours only after trimming more than spaces and tabs', async () => {
    const { manager, ada } = await site()
    const blanks = [
      '\u00a0',
      '\u2000',
      '\u2009',
      '\u3000',
      '\u1680',
      '\u2028',
      '\ufeff',
      '\v',
      '\f',
    ]
    for (const blank of [...blanks, '\u0085', '\u200b', '\x01', '\x7f']) {
      for (const header of [
        `${blank}${SESSION}`,
        `a=1;${blank}${SESSION}`,
        `a=1; ${blank} ${SESSION}`,
      ]) {
        const request = requestReading(`${header}=${ada.session}`)
        await tryHeader(manager, `${JSON.stringify(blank)} before the name`, request)
      }
    }
    expect(tally.findings).toEqual([])
  })

  it('gives no cookie from within the value of another', async () => {
    const { manager, ada } = await site()
    for (const inner of [
      ',',
      ', ',
      ',\t',
      ' ',
      ' ,',
      '&',
      '|',
      '"',
      '",',
      "',",
      '=',
      ':',
      '%3B',
      '%2C',
    ]) {
      for (const header of [
        `x=1${inner}${SESSION}=${ada.session}`,
        `x=${inner}${SESSION}=${ada.session}; b=2`,
      ]) {
        await tryHeader(manager, `x=${inner}`, requestReading(header))
      }
    }
    expect(tally.findings).toEqual([])
  })

  it('gives no value that was quoted, escaped or has something in it', async () => {
    const { manager, ada } = await site()
    const { session } = ada
    const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
    const values = [
      `"${session}"`,
      `'${session}'`,
      `=${session}`,
      `${session}=`,
      `j:${session}`,
      `s:${session}`,
      `%${session}`,
      `${session} x`,
      `x ${session}`,
      encodeURIComponent(session).replaceAll('.', '%2E'),
      ...[...controls, '\x7f', '\u00a0', '\ufffd', '\ud800', '\u{1f36a}'].map(
        (odd) => `${session.slice(0, 40)}${odd}${session.slice(40)}`,
      ),
    ]
    for (const value of values) {
      const request = requestReading(`a=1; ${SESSION}=${value}; b=2`)
      await tryHeader(manager, JSON.stringify(value.slice(0, 50)), request)
    }
    expect(tally.findings).toEqual([])
  })

  it('can come in several fields, joined in either way', async () => {
    const { manager, ada, bob } = await site()
    const forged = damaged(ada.session, bob.session).map(({ token }) => `${SESSION}=${token}`)
    const fields = forged.filter((field) => !/[^\t\x20-\xff]/.test(field)).slice(0, 400)
    for (const header of [
      requestWith(...fields),
      requestReading(fields.join(', ')),
      requestReading(fields.join('; ')),
    ]) {
      await tryHeader(manager, 'many fields of forged cookies', header)
    }
    expect(tally.findings).toEqual([])
    const good = `${SESSION}=${ada.session}`
    const { session } = await look(manager, requestWith('a=1', good, 'b=2'))
    expect(session.subject).toBe('ada')
  })

  it('takes time that grows with its length, not with the square of it', async () => {
    const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
    const { stdout } = await promisify(execFile)(
      here('../../node_modules/.bin/node'),
      [here('long-headers.mjs')],
      { timeout: 60_000 },
    )
    tally.inputs += Number(stdout)
  })

  async function tryHeader(manager: SessionManager, name: string, request: Request): Promise<void> {
    const right = ['undefined', 'malformed', 'unknown-key', 'invalid', 'absolute']
    const stranger = await strangerTo(manager)
    await tally.try(`Cookie header: ${name}`, right, async () =>
      outcomeOf(await look(manager, request), stranger),
    )
  }
})
