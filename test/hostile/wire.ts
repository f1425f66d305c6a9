/**
 * The wire format a second time, from its description alone: what an attacker who read the source,
 * or who stole a key, can build. Shares no code with `src`, so that a slip there is no slip here.
 */

/** What a sub-key is for. */
export interface Use {
  readonly kind: 'cookie' | 'seal'
  readonly name: string
}

/** Where a token is sealed: a key as an app gives it, a use, an hour. */
export interface Place {
  readonly key: string
  readonly use: Use
  readonly hour: number
}

/** How a token may be built otherwise than ours. */
export interface Odd {
  /** The first part's text, or its bytes. */
  readonly header?: string | Uint8Array<ArrayBuffer>
  /** The second part, which `alg: dir` leaves empty. */
  readonly encryptedKey?: string
  /** In bytes; ours are 12. */
  readonly ivLength?: number
  /** In bits; ours are 128. */
  readonly tagLength?: number
}

const utf8 = (text: string) => new TextEncoder().encode(text)

/** Base64url without padding. */
export const encode = (data: string | Uint8Array): string => Buffer.from(data).toString('base64url')

/** What base64url stands for, as text of one byte a character. */
export const decode = (text: string): string => Buffer.from(text, 'base64url').toString('latin1')

export const hourOf = (instant: number): number => Math.floor(instant / 3_600_000)

async function derive(key: string, info: string, bits: number): Promise<Uint8Array<ArrayBuffer>> {
  const raw = new Uint8Array(Buffer.from(key, 'base64url'))
  const material = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveBits'])
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(info) }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, material, bits))
}

/** The 32 bytes that seal at a place. */
export const subKey = ({ key, use, hour }: Place): Promise<Uint8Array<ArrayBuffer>> =>
  derive(key, `sealed-session/1\0${use.kind}\0${use.name}\0${hour}`, 256)

/** What names a key in a `kid`. */
export const keyId = async (key: string): Promise<string> =>
  encode(await derive(key, 'sealed-session/1\0key-id', 48))

export const kidOf = async ({ key, hour }: Place): Promise<string> => `${await keyId(key)}.${hour}`

/** The header that belongs to a `kid`. */
export const headerFor = (kid: string): string =>
  `{"alg":"dir","enc":"A256GCM","typ":"sealed-v2","kid":"${kid}"}`

/** Seals a payload properly: the authentication covers whatever header it is given. */
export async function sealAt(
  place: Place,
  payload: string | Uint8Array<ArrayBuffer>,
  odd: Odd = {},
): Promise<string> {
  const first = encode(odd.header ?? headerFor(await kidOf(place)))
  const iv = crypto.getRandomValues(new Uint8Array(odd.ivLength ?? 12))
  const { tagLength = 128 } = odd
  const bytes = await subKey(place)
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt'])
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: utf8(first), tagLength },
      key,
      typeof payload === 'string' ? utf8(payload) : payload,
    ),
  )
  const [ciphertext, tag] = [sealed.subarray(0, -tagLength / 8), sealed.subarray(-tagLength / 8)]
  return [first, odd.encryptedKey ?? '', encode(iv), encode(ciphertext), encode(tag)].join('.')
}
