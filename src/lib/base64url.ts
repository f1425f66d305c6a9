/** Bytes as base64url without padding, and back (RFC 4648 section 5). */

/** What newer engines have built in (ECMAScript 2026). */
interface NativeBase64 {
  readonly toBase64?: (options: object) => string
  readonly fromBase64?: (text: string, options: object) => Uint8Array<ArrayBuffer>
}

const URL_ALPHABET = { alphabet: 'base64url', omitPadding: true }
// Every engine takes this many arguments in one call. Longer lists are slower.
const CHUNK = 8_192

export function encodeBase64url(bytes: Uint8Array): string {
  const native = (bytes as NativeBase64).toBase64?.(URL_ALPHABET)
  if (native !== undefined) return native
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) {
    // `apply` takes the array as it is. Spreading it costs three to seven times as much.
    binary += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[])
  }
  return btoa(binary).replace(/=+$/, '').replace(/\+/g, '-').replace(/\//g, '_')
}

/** For text of the base64url alphabet. It may throw for any other. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as NativeBase64).fromBase64?.(text, URL_ALPHABET)
  if (native !== undefined) return native
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}
