/** The process and the options that every command gets. */

/** What a command uses of its process. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** All of the standard input. */
  readInput(): Promise<string>
  print(line: string): void
  printError(line: string): void
  /** Runs a program and returns its exit code. */
  execute(command: string, args: readonly string[]): number
}

/** A mistake in the arguments or the environment. */
export class UsageError extends Error {}

/** The options of all commands, as they were given. */
export type Options = Readonly<Record<string, string | boolean | undefined>>
