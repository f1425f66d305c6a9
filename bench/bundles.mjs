/**
 * Builds bundles with esbuild: our sources, the root's hono and jose (so that all contenders run on
 * the same versions), and the peers in `bench/node_modules`.
 */

import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export const BENCH = dirname(fileURLToPath(import.meta.url))
export const ROOT = dirname(BENCH)

/** The file of each entry point of ours that a contender imports. */
const OURS = {
  'sealed-session': 'index.ts',
  'sealed-session/hono': 'hono.ts',
  'sealed-session/cloudflare': 'cloudflare.ts',
  'sealed-session/durable-object': 'durable-object.ts',
}

const shared = (checkout) => ({
  name: 'shared',
  setup(builder) {
    const external = new Set(
      (builder.initialOptions.external ?? []).map((name) => name.split('/')[0]),
    )
    builder.onResolve({ filter: /^sealed-session(\/|$)/ }, ({ path }) => ({
      path: resolve(checkout, 'src', OURS[path]),
    }))
    builder.onResolve({ filter: /^(hono|jose)(\/|$)/ }, ({ path, kind, pluginData }) => {
      if (pluginData === 'rooted') return undefined
      // esbuild asks plugins before it looks at its externals.
      if (external.has(path.split('/')[0])) return { path, external: true }
      return builder.resolve(path, { resolveDir: ROOT, kind, pluginData: 'rooted' })
    })
  },
})

/**
 * One ES module as text, with our sources from `checkout`. All other options are those of esbuild.
 */
export async function bundle(entry, { checkout = ROOT, ...options } = {}) {
  const { outputFiles } = await build({
    ...(typeof entry === 'string'
      ? { entryPoints: [resolve(BENCH, entry)] }
      : { stdin: { resolveDir: BENCH, ...entry } }),
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser', 'import'],
    mainFields: ['module', 'main'],
    plugins: [shared(checkout)],
    logLevel: 'error',
    ...options,
  })
  return outputFiles[0].text
}

/** What makes `import … from 'contender'` one of `contenders/`. */
export const aliasFor = (name) => ({ contender: resolve(BENCH, 'contenders', `${name}.mjs`) })
