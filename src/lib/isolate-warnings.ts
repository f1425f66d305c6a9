/**
 * Mistakes that show only when an isolate makes something for the second time. It can be intended,
 * so this only warns, once for each mistake.
 */

import { BoundedMap } from './bounded-map.ts'

let memoryLists = 0

/** A revocation list in memory was made. */
export function noticeMemoryList(): void {
  memoryLists++
  if (memoryLists !== 2) return
  console.warn(
    'sealed-session: memoryRevocationList() was called a second time. A new list for each request or ' +
      'manager forgets who signed out, and a copied cookie works again: make the manager and its list ' +
      'once, when the server starts.',
  )
}

/** The keys of the first manager of each cookie name. */
const first = new BoundedMap<string, { readonly manager: object; keyIds: readonly string[] }>(100)
let warnedOfKeys = false

/** A manager has read its keys, for the first time or again. */
export function noticeKeys(cookieName: string, manager: object, keyIds: readonly string[]): void {
  const known = first.get(cookieName)
  if (known === undefined) {
    first.set(cookieName, { manager, keyIds })
    return
  }
  if (known.manager === manager) known.keyIds = keyIds
  if (warnedOfKeys || known.keyIds.some((id) => keyIds.includes(id))) return
  warnedOfKeys = true
  console.warn(
    `sealed-session: two managers use the cookie "${cookieName}" and share no key, so on one host each ` +
      `signs out the other's visitors. Give both the same keys, or one its own "cookie.name".`,
  )
}
