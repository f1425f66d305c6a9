/**
 * The parts of Node's modules that are used, for the sources alone: the other sources must not see
 * Node's global types.
 */

declare module 'node:process' {
  const process: {
    readonly argv: readonly string[]
    readonly env: Readonly<Record<string, string | undefined>>
    readonly stdin: AsyncIterable<Uint8Array>
    readonly stdout: { write(text: string): void }
    readonly stderr: { write(text: string): void }
    exitCode: number
  }
  export default process
}

declare module 'node:child_process' {
  export function spawnSync(
    command: string,
    args: readonly string[],
    options: { stdio: 'inherit'; shell: boolean },
  ): { status: number | null; error?: Error }
}

declare module 'node:util' {
  export function parseArgs(config: {
    args: readonly string[]
    allowPositionals: true
    options: Readonly<Record<string, { type: 'string' | 'boolean' }>>
  }): { values: Record<string, string | boolean | undefined>; positionals: string[] }
}
