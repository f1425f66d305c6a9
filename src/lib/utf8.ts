/** Texts as bytes (UTF-8), and their hashes. */

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder()

export const toUtf8 = (text: string): Uint8Array<ArrayBuffer> =>
  encoder.encode(text) as Uint8Array<ArrayBuffer>

export const fromUtf8 = (bytes: ArrayBuffer | Uint8Array): string => decoder.decode(bytes)

export const utf8Length = (text: string): number => toUtf8(text).length

export const sha256 = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', toUtf8(text)))

/** As `sha256sum` prints it. */
export const sha256Hex = async (text: string): Promise<string> =>
  Array.from(await sha256(text), (byte) => byte.toString(16).padStart(2, '0')).join('')
