/**
 * Builds bundles with esbuild: our sources, the root's hono and jose (so that all contenders run on
 * the same versions), and the peers in `bench/node_modules`.
 */

import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export const BENCH = dirname(fileURLToPath(import.meta.url))
export const ROOT = dirname(BENCH)

/** The folder of our sources. Set another one to compare a changed copy of them. */
const SOURCES = process.env.SEALED_SESSION_SRC ?? resolve(ROOT, 'src')

const OURS = {
  'sealed-session': resolve(SOURCES, 'index.ts'),
  'sealed-session/hono': resolve(SOURCES, 'hono.ts'),
  'sealed-session/cloudflare': resolve(SOURCES, 'cloudflare.ts'),
  'sealed-session/durable-object': resolve(SOURCES, 'durable-object.ts'),
}

const shared = {
  name: 'shared',
  setup(builder) {
    const external = new Set(
      (builder.initialOptions.external ?? []).map((name) => name.split('/')[0]),
    )
    builder.onResolve({ filter: /^sealed-session(\/|$)/ }, ({ path }) => ({ path: OURS[path] }))
    builder.onResolve({ filter: /^(hono|jose)(\/|$)/ }, ({ path, kind, pluginData }) => {
      if (pluginData === 'rooted') return undefined
      // esbuild asks plugins before it looks at its externals.
      if (external.has(path.split('/')[0])) return { path, external: true }
      return builder.resolve(path, { resolveDir: ROOT, kind, pluginData: 'rooted' })
    })
  },
}

/** One ES module as text. `alias` and `external` are the options of esbuild. */
export async function bundle(entry, options = {}) {
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
    plugins: [shared],
    logLevel: 'error',
    ...options,
  })
  return outputFiles[0].text
}

/** What makes `import … from 'contender'` one of `contenders/`. */
export const aliasFor = (name) => ({ contender: resolve(BENCH, 'contenders', `${name}.mjs`) })
