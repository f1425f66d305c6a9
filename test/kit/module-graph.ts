/**
 * The library as a function that makes it anew: each call evaluates every module again. Two results
 * share nothing, no derived key and no remembered seal, as two isolates do; what one hands to the
 * other goes through the wire form.
 */

import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The text of a function body that evaluates the modules and returns what `contents` exports. */
export async function bundleGraph(
  contents: string,
  options: Pick<BuildOptions, 'tsconfig'> = {},
): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'graph',
    target: 'es2023',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  })
  return `${outputFiles[0]?.text}\nreturn graph`
}
