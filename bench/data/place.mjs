/**
 * Where every contender keeps its data: texts in the memory of the process, as KV and Redis keep
 * texts. It costs next to nothing, so that the libraries are compared and not the stores, and counts
 * what it is asked.
 */

// Enough for the sessions of one measurement. A real store forgets by time.
const MOST = 400

const texts = new Map()
export const counted = { reads: 0, writes: 0, renewals: 0, bytesWritten: 0 }

export const place = {
  read(key) {
    counted.reads++
    return texts.get(key) ?? null
  },
  write(key, text) {
    counted.writes++
    counted.bytesWritten += text.length
    texts.delete(key)
    texts.set(key, text)
    if (texts.size > MOST) texts.delete(texts.keys().next().value)
  },
  /** Prolongs the life of a text without writing it. */
  renew(key) {
    counted.renewals++
    return texts.has(key)
  },
  delete(key) {
    texts.delete(key)
  },
}

/** Forgets everything. */
export const clear = () => texts.clear()
