/**
 * Tokens that must not open, generated from ones that do. Each says how it may be refused; a table
 * is used against `load` and against `unseal` alike.
 */

import { deflateRawSync } from 'node:zlib'
import { CompactEncrypt, generateKeyPair } from 'jose'
import { decode, encode, headerFor, keyId, kidOf, type Place, sealAt, subKey } from './wire.ts'

/** How `unseal` refuses. A cookie whose hour is over is `absolute` to `load`. */
export type Refusal = 'malformed' | 'unknown-key' | 'invalid' | 'expired'

export interface Forgery {
  readonly name: string
  readonly token: string
  /** The refusals that are right. */
  readonly refusals: readonly Refusal[]
}

export const ANY: readonly Refusal[] = ['malformed', 'unknown-key', 'invalid', 'expired']

const PARTS = ['header', 'encrypted key', 'IV', 'ciphertext', 'tag']
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const malformed = (name: string, token: string): Forgery => ({
  name,
  token,
  refusals: ['malformed'],
})

/**
 * Every part of a token damaged in every way; `other` is a good token of somebody else. For tokens
 * of other libraries, say what stands between their parts.
 */
export function damaged(token: string, other: string, between = '.'): readonly Forgery[] {
  const parts = token.split(between)
  const others = other.split(between)
  const withPart = (at: number, part: string) => parts.toSpliced(at, 1, part).join(between)
  const forgeries: Forgery[] = []
  const add = (name: string, token: string, refusals = ANY) =>
    forgeries.push({ name, token, refusals })

  for (const [at, part] of parts.entries()) {
    const name = PARTS[at] ?? `part ${at}`
    for (let index = 0; index < part.length; index++) {
      add(`${name} flipped at ${index}`, withPart(at, flip(part, index)))
      add(`${name} cut to ${index}`, withPart(at, part.slice(0, index)))
      add(`${name} without its first ${index + 1}`, withPart(at, part.slice(index + 1)))
    }
    for (const same of sameBytes(part)) {
      add(`${name} with bits left over`, withPart(at, same), ['malformed'])
    }
    add(`${name} twice`, withPart(at, part + part))
    add(`${name} as two parts`, withPart(at, part + between + part), ['malformed'])
    add(`${name} left out`, parts.toSpliced(at, 1).join(between), ['malformed'])
    add(`${name} filled`, withPart(at, `${part}AAAA`))
    add(`${name} of another token`, withPart(at, others[at] ?? ''))
    add(`${name} of this token in another`, others.toSpliced(at, 1, part).join(between))
    for (const second of parts.keys()) {
      const swapped = parts.with(at, parts[second] ?? '').with(second, part)
      add(`${name} and part ${second} exchanged`, swapped.join(between))
    }
    for (const odd of ['=', '==', ' ', '%20', '"', '+', '/', '\t', '\x01', '\x7f', 'é', '٣', '.']) {
      add(
        `${name} with ${JSON.stringify(odd)} in it`,
        withPart(at, `${part.slice(0, 9)}${odd}${part.slice(9)}`),
      )
    }
  }
  const [header = '', , iv = '', ciphertext = '', tag = ''] = parts
  const json = { protected: header, iv, ciphertext, tag }
  const general = { protected: header, recipients: [{}], iv, ciphertext, tag }
  forgeries.push(
    malformed('nothing', ''),
    malformed('dots', '....'),
    malformed('many dots', '.'.repeat(3_000)),
    malformed('one part', header),
    malformed('twice', token + token),
    malformed('twice with a dot', `${token}.${token}`),
    malformed('a dot before', `.${token}`),
    malformed('a dot after', `${token}.`),
    malformed('in quotes', `"${token}"`),
    malformed('percent-encoded dots', token.replaceAll('.', '%2E')),
    malformed('percent-encoded first character', `%65${token.slice(1)}`),
    malformed('upper case', token.toUpperCase()),
    malformed('backwards', [...token].reverse().join('')),
    malformed('standard base64', Buffer.from(token).toString('base64')),
    malformed('JSON serialization, flattened', JSON.stringify(json)),
    malformed('JSON serialization, general', JSON.stringify(general)),
    malformed('JSON serialization, percent-encoded', encodeURIComponent(JSON.stringify(json))),
    malformed('a JWT', `${encode('{"alg":"none"}')}.${encode('{"sub":"root"}')}.`),
    malformed('a JWS', `${encode('{"alg":"HS256"}')}.${encode('{"sub":"root"}')}.${tag}`),
    malformed('__proto__', '__proto__'),
  )
  // What two operations make by chance may be a good token after all: an empty part emptied, say.
  return forgeries.filter((forgery) => forgery.token !== token && forgery.token !== other)
}

/** Another character that leaves the text a canonical encoding, as long as one may stand there. */
function flip(part: string, index: number): string {
  const place = BASE64URL.indexOf(part.charAt(index))
  // The highest of the six bits is never left over.
  return part.slice(0, index) + BASE64URL.charAt(place ^ 32) + part.slice(index + 1)
}

/** Other texts that a lenient decoder takes for the same bytes (RFC 4648 section 3.5). */
function sameBytes(part: string): readonly string[] {
  const start = part.slice(0, -1)
  return [...BASE64URL]
    .map((last) => start + last)
    .filter((text) => part !== '' && text !== part && decode(text) === decode(part))
}

/** Headers that are not ours, over a payload sealed properly under the right derived key. */
export async function otherHeaders(place: Place, payload: string): Promise<readonly Forgery[]> {
  const kid = await kidOf(place)
  const id = await keyId(place.key)
  const ours = headerFor(kid)
  const members = { alg: 'dir', enc: 'A256GCM', typ: 'sealed-v2', kid }
  const { x, y } = { x: 'A'.repeat(43), y: 'A'.repeat(43) }
  const more: readonly object[] = [
    { zip: 'DEF' },
    { crit: ['exp'], exp: 1 },
    { crit: [] },
    { b64: false, crit: ['b64'] },
    { jku: 'https://evil.example/keys' },
    { jwk: { kty: 'oct', k: 'AAAA' } },
    { x5u: 'https://evil.example/chain' },
    { x5c: ['MII'] },
    { x5t: 'AAAA' },
    { p2c: 1, p2s: 'AAAA' },
    { p2c: 2 ** 31, p2s: 'AAAA' },
    { epk: { kty: 'EC', crv: 'P-256', x, y } },
    { apu: 'AAAA', apv: 'AAAA' },
    { iv: 'AAAAAAAAAAAAAAAA', tag: 'AAAAAAAAAAAAAAAAAAAAAA' },
    { cty: 'JWT' },
    { exp: 9_999_999_999 },
    { alg: 'none' },
    { alg: 'DIR' },
    { alg: 'A256KW' },
    { alg: 'A256GCMKW' },
    { alg: 'PBES2-HS256+A128KW' },
    { alg: 'ECDH-ES' },
    { alg: 'RSA-OAEP' },
    { alg: null },
    { enc: 'A128GCM' },
    { enc: 'A192GCM' },
    { enc: 'A128CBC-HS256' },
    { enc: 'a256gcm' },
    { enc: ['A256GCM'] },
    { typ: 'JWT' },
    { typ: 'sealed-v1' },
    { typ: 'sealed-v0' },
    { typ: 'SEALED-V1' },
    { typ: 'application/sealed-v2' },
    { typ: undefined },
    { kid: undefined },
    { kid: null },
    { kid: [kid] },
    { kid: id },
    { kid: '' },
    { kid: '../../key' },
    { kid: "' OR 1=1 --" },
    { kid: `${id}.0${place.hour}` },
    { kid: `${id}.+${place.hour}` },
    { kid: `${id}.-${place.hour}` },
    { kid: `${id}.${place.hour}.0` },
    { kid: `${id}.${place.hour}e0` },
    { kid: `${id}.0x${place.hour.toString(16)}` },
    { kid: `${id}. ${place.hour}` },
    { kid: `${id}.${place.hour}\n` },
    { kid: `${id}.${arabic(place.hour)}` },
    { kid: `${id}.${10 ** 9 + place.hour}` },
    { kid: `${id}.0` },
    { kid: `${id}.NaN` },
    { kid: `${id}.` },
    { kid: `${id}A.${place.hour}` },
  ]
  const headers: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
    ...more.map((own) => [JSON.stringify(own), JSON.stringify({ ...members, ...own })] as const),
    [
      'members in another order',
      JSON.stringify({ kid, typ: 'sealed-v2', enc: 'A256GCM', alg: 'dir' }),
    ],
    ['a space', ours.replace(',', ', ')],
    ['a line feed at the end', `${ours}\n`],
    ['a space before', ` ${ours}`],
    ['a member twice', ours.replace('{', '{"alg":"none",')],
    ['a member twice, ours first', ours.replace('}', ',"alg":"none"}')],
    ['a letter escaped', ours.replace('dir', '\\u0064ir')],
    ['a name escaped', ours.replace('"alg"', '"\\u0061lg"')],
    ['a __proto__', ours.replace('}', ',"__proto__":{"zip":"DEF"}}')],
    ['a byte order mark', `\ufeff${ours}`],
    ['a byte that is not UTF-8', new Uint8Array([...Buffer.from(ours), 0xff])],
    ['a NUL', `${ours}\0`],
    ['an array', `[${ours}]`],
    ['a string', JSON.stringify(ours)],
    ['null', 'null'],
    ['no JSON', 'dir'],
    ['only a brace', '{'],
    ['4 kB', ours.replace('}', `,"x":"${'x'.repeat(3_000)}"}`)],
    ['2,000 levels', `${'['.repeat(2_000)}${']'.repeat(2_000)}`],
  ]
  const tokens = headers.map(async ([name, header]) =>
    malformed(`a header with ${name}`, await sealAt(place, payload, { header })),
  )
  return Promise.all(tokens)
}

/** What another choice of algorithm makes of the right key (RFC 8725 sections 2.1 and 3.1). */
export async function otherAlgorithms(place: Place, payload: string): Promise<readonly Forgery[]> {
  const bytes = await subKey(place)
  const kid = await kidOf(place)
  const { publicKey } = await generateKeyPair('ECDH-ES')
  const sealers = [
    ['dir', 'A128CBC-HS256', bytes],
    ['dir', 'A128GCM', bytes.slice(0, 16)],
    ['dir', 'A192GCM', bytes.slice(0, 24)],
    ['A256KW', 'A256GCM', bytes],
    ['A128KW', 'A256GCM', bytes.slice(0, 16)],
    ['A256GCMKW', 'A256GCM', bytes],
    ['PBES2-HS256+A128KW', 'A256GCM', bytes],
    ['ECDH-ES', 'A256GCM', publicKey],
    ['ECDH-ES+A256KW', 'A256GCM', publicKey],
  ] as const
  const tokens = sealers.map(async ([alg, enc, key]) => {
    const sealer = new CompactEncrypt(new TextEncoder().encode(payload))
    sealer.setProtectedHeader({ alg, enc, typ: 'sealed-v2', kid })
    // The header then carries p2c and p2s, or epk.
    if (alg.startsWith('PBES2')) sealer.setKeyManagementParameters({ p2c: 1_000 })
    return malformed(`${alg} and ${enc}`, await sealer.encrypt(key))
  })
  const packed = new Uint8Array(deflateRawSync(payload))
  const zipped = headerFor(kid).replace('}', ',"zip":"DEF"}')
  return [
    ...(await Promise.all(tokens)),
    malformed('a compressed payload', await sealAt(place, packed, { header: zipped })),
    malformed('an IV of 16 bytes', await sealAt(place, payload, { ivLength: 16 })),
    malformed('a tag of 12 bytes', await sealAt(place, payload, { tagLength: 96 })),
    malformed('an encrypted key', await sealAt(place, payload, { encryptedKey: encode(bytes) })),
    {
      name: 'a compressed payload, not said',
      token: await sealAt(place, packed),
      refusals: ['invalid'],
    },
  ]
}

/** Seals that open somewhere else: of another use, another key, another hour. */
export async function fromElsewhere(
  place: Place,
  payload: string,
  strange: { readonly key: string; readonly uses: readonly Place['use'][]; readonly life: number },
): Promise<readonly Forgery[]> {
  const { hour } = place
  const ours = headerFor(await kidOf(place))
  const at = async (name: string, refusal: Refusal, own: Partial<Place>, header?: string) => ({
    name,
    token: await sealAt({ ...place, ...own }, payload, header === undefined ? {} : { header }),
    refusals: [refusal],
  })
  const [, ...parts] = (await sealAt(place, payload)).split('.')
  const relabelled = async (hour: number): Promise<Forgery> => ({
    name: `relabelled to hour ${hour}`,
    token: [encode(headerFor(await kidOf({ ...place, hour }))), ...parts].join('.'),
    refusals: ['invalid'],
  })
  return Promise.all([
    ...strange.uses.map((use) => at(`${use.kind} ${use.name}`, 'invalid', { use })),
    at('another key', 'unknown-key', { key: strange.key }),
    at('another key under our kid', 'invalid', { key: strange.key }, ours),
    at('another hour under this kid', 'invalid', { hour: hour - 1 }, ours),
    at('two hours ahead', 'invalid', { hour: hour + 2 }),
    at('far ahead', 'invalid', { hour: 9_999_999 }),
    at('an hour too old', 'expired', { hour: hour - strange.life - 1 }),
    at('very old', 'expired', { hour: 10_000 }),
    at('hour 1', 'malformed', { hour: 1 }),
    relabelled(hour - 1),
    relabelled(hour + 1),
  ])
}

const arabic = (number: number): string =>
  String(number).replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))
