/**
 * What whoever holds the key could seal: payloads that are not of our form, and ones that are and
 * try something all the same.
 */

/** The claims of a session cookie, in wire form. */
export interface WireSession {
  readonly [claim: string]: unknown
  readonly sid: string
  readonly iat: number
  readonly lim: number
  readonly act: number
}

type Named = readonly (readonly [name: string, payload: string])[]

const NO_OBJECTS: Named = [
  ['nothing but a space', ' '],
  ['no JSON', 'sid=1'],
  ['half an object', '{"sid":'],
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '1e400'],
  ['a string', '"{}"'],
  ['an array', '[]'],
  ['an empty object', '{}'],
  ['1,400 levels of arrays', nested(1_400, '[', ']')],
  ['400 levels of objects', nested(400, '{"d":', '}')],
  [
    'a __proto__ with everything',
    '{"__proto__":{"sid":"AAAAAAAAAAAAAAAAAAAAAA","iat":1,"act":1,"d":{}}}',
  ],
  ['a constructor', '{"constructor":{"prototype":{"sid":1}}}'],
  ['a toJSON', '{"toJSON":1}'],
]

/** None of them is a session. `ahead` is further in the future than clocks may differ, in seconds. */
export function noSessions(good: WireSession, ahead: number): Named {
  const instants = [null, '1', true, [], {}, -1, 'Infinity', '2026-01-01T00:00:00Z']
  const sids = [undefined, null, 1, '', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}!`]
  const wrong: readonly (readonly [string, readonly unknown[]])[] = [
    ['sid', [...sids, `${'A'.repeat(22)}\n`, '\u0661'.repeat(22), ['A'.repeat(22)]]],
    ['fam', [...sids.slice(1), {}, ['A'.repeat(22)]]],
    ['iat', [...instants, undefined, ahead, 1e300]],
    ['act', [...instants, undefined, ahead, 1e300]],
    ['lim', [...instants, undefined]],
    ['kept', [...instants, ahead, 1e300]],
    ['sub', [null, '', 1, true, {}, ['root'], '\ud800']],
    ['aud', [null, '', 1, true, {}, ['root'], '\ud800']],
    ['rem', [null, false, 1, 'true', {}]],
    ['v', [null, 0, -1, 1.5, 1e300, '2', true, {}, [2]]],
    ['d', [undefined, null, 1, '{}', true, [], [{}]]],
  ]
  return [
    ...NO_OBJECTS,
    ...wrong.flatMap(([claim, values]) =>
      values.map((value) => {
        const payload = JSON.stringify({ ...good, [claim]: value })
        return [`${claim} ${JSON.stringify(value)}`, payload] as const
      }),
    ),
    ...sids.map((sid) => {
      const payload = JSON.stringify({ ...good, sid, fam: good.sid })
      return [`sid ${JSON.stringify(sid)} of a good family`, payload] as const
    }),
    ['iat 1e400', JSON.stringify({ ...good, iat: 0 }).replace('"iat":0', '"iat":1e400')],
    ['act 1e400', JSON.stringify({ ...good, act: 0 }).replace('"act":0', '"act":1e400')],
  ]
}

/** None of them is what `seal` makes. */
export const noSeals: Named = [
  ...NO_OBJECTS,
  ...[undefined, null, '9999999999', true, [], {}].map(
    (exp) => [`exp ${JSON.stringify(exp)}`, JSON.stringify({ exp, v: 1 })] as const,
  ),
  ['no value', '{"exp":9999999999}'],
  ['an array with members', '[9999999999,1]'],
]

/** Of our form, and honoured; `data` holds no more than it says. */
export function strangeSessions(good: WireSession): Named {
  const withData = (json: string) =>
    JSON.stringify({ ...good, d: 0 }).replace('"d":0', `"d":${json}`)
  return [
    ['a __proto__ in data', withData('{"__proto__":{"admin":true}}')],
    [
      'a __proto__ deep in data',
      withData('{"a":{"__proto__":{"admin":true}},"b":[{"__proto__":null}]}'),
    ],
    ['a constructor in data', withData('{"constructor":{"prototype":{"admin":true}}}')],
    ['a toJSON in data', withData('{"toJSON":"x","valueOf":1,"hasOwnProperty":2,"then":3}')],
    [
      'a __proto__ beside the claims',
      JSON.stringify(good).replace('{', '{"__proto__":{"sub":"root","rem":true},'),
    ],
    [
      'claims twice, the last counts',
      JSON.stringify(good).replace('{', '{"sub":"root","sid":"x",'),
    ],
    ['400 levels in data', withData(`{"a":${nested(400, '[', ']')}}`)],
    [
      '300 members in data',
      withData(
        JSON.stringify(
          Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`m${index}`, 0])),
        ),
      ),
    ],
    ['unknown claims', JSON.stringify({ ...good, exp: 1, admin: true, role: 'root' })],
    ['a byte order mark', `\ufeff${JSON.stringify(good)}`],
    ['a subject with a slash', JSON.stringify({ ...good, sub: '../all' })],
    ['a subject of 1,000 characters', JSON.stringify({ ...good, sub: '\u00e9'.repeat(1_000) })],
  ]
}

function nested(levels: number, open: string, close: string): string {
  return open.repeat(levels) + (close === '}' ? '0' : '') + close.repeat(levels)
}
