/** Chance that can be repeated: every draw follows from a seed, the first of which is printed. */

/** Draws of one seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  (): number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** One of the names, each as often as its weight, a whole number, says. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T
}

/**
 * The draws for a label. Everything that overlaps gets a label of its own: with one common stream
 * the order in which cryptography happens to finish would decide who draws what.
 */
export function random(...label: readonly (string | number)[]): Random {
  let state = hash(label.join('/'))
  // mulberry32
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return Object.assign(draw, {
    between: (least: number, most: number) => least + Math.floor(draw() * (most - least + 1)),
    chance: (probability: number) => draw() < probability,
    pick: <T>(items: readonly T[]) => items[Math.floor(draw() * items.length)] as T,
    weighted: <T extends string>(weights: Readonly<Record<T, number>>) => {
      const entries = Object.entries(weights) as [T, number][]
      const draws = entries.flatMap(([name, weight]) => Array<T>(weight).fill(name))
      return draws[Math.floor(draw() * draws.length)] as T
    },
  })
}

// FNV-1a
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return value
}
