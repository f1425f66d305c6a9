/** A rotation of keys as the readme has it: the new one accepted everywhere first, then first. */

// Any will do; made once, because deriving from them is remembered for the life of the process.
const OLD_KEY = 'b2xkIGtleSBvZiB0aGUgcmFjZXMsIG5vdCBhIHNlY3I'
const NEW_KEY = 'bmV3IGtleSBvZiB0aGUgcmFjZXMsIG5vdCBhIHNlY3I'

/** The key ring at each stage. */
export const KEY_STAGES = [[OLD_KEY], [OLD_KEY, NEW_KEY], [NEW_KEY, OLD_KEY]] as const
