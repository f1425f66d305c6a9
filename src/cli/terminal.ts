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

/** Characters that a terminal obeys instead of showing them, or that change the order of others. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A text as a terminal can show it. What people typed into an app can be in a cookie. */
export const visible = (text: string): string =>
  text.replace(OBEYED, (character) => {
    const code = character.codePointAt(0) ?? 0
    const hex = code.toString(16)
    return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`
  })

/** A mistake in the arguments or the environment. */
export class UsageError extends Error {}

/** The options of all commands, as they were given. */
export type Options = Readonly<Record<string, string | boolean | undefined>>
