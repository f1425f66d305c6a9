/**
 * Sealing and unsealing alone, in workerd, Node, Bun and Deno. This file runs in the runtime;
 * `measure.mjs` asks it for a number of operations at a time and measures the time outside.
 */

import * as iron from 'iron-webcrypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { seal, unseal } from 'sealed-session'
import { dataOf, KEY } from '../contenders/app.mjs'

const TTL = 3600
const encoder = new TextEncoder()
const decoder = new TextDecoder()

// The methods that the platform has, fastest first: Node 24 lacks toBase64, workerd and Deno need
// no Buffer.
const toText = (bytes) =>
  bytes.toBase64?.({ alphabet: 'base64url', omitPadding: true }) ??
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')
const toBytes = (text) =>
  Uint8Array.fromBase64?.(text, { alphabet: 'base64url' }) ?? Buffer.from(text, 'base64url')

let key
const aesKey = async () =>
  (key ??= await crypto.subtle.importKey('raw', toBytes(KEY), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]))

const ways = {
  'WebCrypto AES-GCM': {
    async seal(value) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const plain = encoder.encode(JSON.stringify(value))
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await aesKey(), plain)
      const token = new Uint8Array(12 + sealed.byteLength)
      token.set(iv)
      token.set(new Uint8Array(sealed), 12)
      return toText(token)
    },
    async unseal(text) {
      const token = toBytes(text)
      const params = { name: 'AES-GCM', iv: token.subarray(0, 12) }
      const plain = await crypto.subtle.decrypt(params, await aesKey(), token.subarray(12))
      return JSON.parse(decoder.decode(plain))
    },
  },
  'jose compact JWE': {
    async seal(value) {
      return new CompactEncrypt(encoder.encode(JSON.stringify(value)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(await aesKey())
    },
    async unseal(token) {
      const { plaintext } = await compactDecrypt(token, await aesKey())
      return JSON.parse(decoder.decode(plaintext))
    },
  },
  'sealed-session': {
    seal: (value) => seal(value, { keys: KEY, purpose: 'bench', ttl: TTL }),
    unseal: (token) => unseal(token, { keys: KEY, purpose: 'bench' }),
  },
  'iron-webcrypto': {
    seal: (value) => iron.seal(value, KEY, { ...iron.defaults, ttl: TTL * 1000 }),
    unseal: (token) => iron.unseal(token, KEY, iron.defaults),
  },
}

/** The names, in the order of the table. */
export const WAYS = Object.keys(ways)
export const OPERATIONS = ['seal', 'unseal']
export const SIZES = [100, 2000]

const tokens = new Map()

/** Does `n` operations, one after the other. */
export async function run({ way, operation, bytes, n }) {
  const { seal, unseal } = ways[way]
  const value = dataOf(bytes)
  if (operation === 'seal') {
    for (let i = 0; i < n; i++) await seal(value)
    return
  }
  const name = `${way} ${bytes}`
  const token = tokens.get(name) ?? (await seal(value))
  tokens.set(name, token)
  for (let i = 0; i < n; i++) {
    const opened = await unseal(token)
    if (opened.note.length !== value.note.length) throw new Error(`${way} opened something else`)
  }
}
