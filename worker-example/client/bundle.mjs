/**
 * Bundles the script of the pages into public/client.js. Wrangler runs it before each start and
 * deployment: see [build] in wrangler.toml.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

const { outputFiles } = await build({
  entryPoints: [here('page.ts')],
  outfile: here('../public/client.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
  // Needed only because the library comes from the sources beside it, not from its package.
  ignoreAnnotations: true,
})

for (const { path, text } of outputFiles) {
  // Another `wrangler dev` may be serving it at this moment.
  if (text !== (await readFile(path, 'utf8').catch(() => undefined))) await writeFile(path, text)
}
