/** What a mutant is: one deliberate fault in the sources that a test has to notice. */

export interface Mutant {
  /** What the code then does wrong. */
  readonly name: string
  /** A piece of the source that occurs once. */
  readonly find: string
  readonly replace: string
  /** Where another test than the group's has to notice. */
  readonly tests?: readonly string[]
  /** Whether it belongs to the small set that CI runs. */
  readonly ci?: true
}

/** Mutants of one source file, with the test files that have to notice. */
export interface Group {
  readonly file: string
  readonly tests: readonly string[]
  readonly mutants: readonly Mutant[]
}
