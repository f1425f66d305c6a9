/**
 * The library as a function that makes it anew: each call evaluates every module again. Two results
 * share nothing, no derived key and no remembered seal, as two isolates do; what one hands to the
 * other goes through the wire form.
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A change to a source: a test breaks it to see that it would notice. */
export interface Break {
  /** From the root, like `src/revocation/journal-marks.ts`. */
  readonly file: string
  readonly text: string
  readonly becomes: string
}

/** The text of a function body that evaluates the modules and returns what `contents` exports. */
export async function bundleGraph(
  contents: string,
  options: Pick<BuildOptions, 'tsconfig'> = {},
  breaks: readonly Break[] = [],
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
    plugins: [CLOUDFLARE, ...breaks.map(breaking)],
  })
  return `${outputFiles[0]?.text}\nreturn graph`
}

const CLOUDFLARE: Plugin = {
  name: 'cloudflare',
  setup({ onResolve }) {
    const path = join(root, 'test/kit/cloudflare-workers.ts')
    onResolve({ filter: /^cloudflare:workers$/ }, () => ({ path }))
  },
}

const breaking = ({ file, text, becomes }: Break): Plugin => ({
  name: 'break',
  setup({ onLoad }) {
    const path = join(root, file)
    onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, async () => {
      const source = await readFile(path, 'utf8')
      if (!source.includes(text)) throw new Error(`${file} has no "${text}"`)
      return { contents: source.replace(text, becomes), loader: 'ts' }
    })
  },
})
