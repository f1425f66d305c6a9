/** The cases of a contract, for any test runner, and what they assert with. */

/**
 * One case of a contract.
 *
 * @example
 * for (const { name, run } of revocationListContract(makeList)) it(name, run)
 */
export interface ContractCase {
  readonly name: string
  /** Rejects with an error that says what the implementation did, and what it should do. */
  readonly run: () => Promise<void>
  /** How long it can take on a slow store, in seconds. Most runners stop a test after 5. */
  readonly seconds: number
}

export const contractCase = (
  name: string,
  run: () => Promise<void>,
  seconds: number = 5,
): ContractCase => ({ name, run, seconds })

/** Fails unless both are deeply equal. Members that are `undefined` do not count. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  if (isEqual(actual, expected)) return
  throw new Error(`${what} is ${written(actual)}, and should be ${written(expected)}`)
}

export function assertThat(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(problem)
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    const areArrays = Array.isArray(a) && Array.isArray(b) && a.length === b.length
    return areArrays && a.every((item, index) => isEqual(item, b[index]))
  }
  const [left, right] = [a, b] as Record<string, unknown>[]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every((name) => isEqual(left?.[name], right?.[name]))
}

const LONGEST = 500

function written(value: unknown): string {
  const text =
    JSON.stringify(value, (_, part) => (part === undefined ? 'undefined' : part)) ?? String(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
