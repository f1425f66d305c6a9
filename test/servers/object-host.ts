/**
 * Several isolates of the Worker and their object in one workerd, on ports of this machine. As a program
 * it serves until it is killed, with what it has on disk in the folder that it is given.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'

export interface ObjectSite {
  /** One address for each isolate. */
  readonly addresses: readonly string[]
  end(): Promise<void>
}

export interface ObjectSiteOptions {
  readonly isolates: number
  readonly recheckAfter: number
  readonly share?: boolean
  /** Where the object's data is. Default: nowhere. */
  readonly persist?: string
}

export async function startObjectSite(options: ObjectSiteOptions): Promise<ObjectSite> {
  const { isolates, recheckAfter, share = false, persist } = options
  const folder = mkdtempSync(join(tmpdir(), 'sealed-session-object-'))
  const outfile = join(folder, 'worker.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('../durable/measured-worker.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['cloudflare:workers'],
  })
  const className = 'MeasuredObject'
  const workers = Array.from({ length: isolates }, (_, n) => ({
    name: `isolate-${n}`,
    modules: [{ type: 'ESModule' as const, path: outfile }],
    modulesRoot: folder,
    compatibilityDate: '2026-10-23',
    bindings: { RECHECK_AFTER: String(recheckAfter), SHARE: share ? 'yes' : 'no' },
    durableObjects: {
      REVOCATIONS: {
        className,
        useSQLite: true,
        ...(n > 0 && { scriptName: 'isolate-0' }),
      },
    },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }))
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({ workers }),
    ...(persist !== undefined && { resourcePersistencePath: persist }),
  })
  await miniflare.ready
  const addresses = await Promise.all(
    workers.map(async ({ name }) => (await miniflare.unsafeGetDirectURL(name)).origin),
  )
  return {
    addresses,
    async end() {
      await miniflare.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , persist = ''] = process.argv
  const { addresses } = await startObjectSite({ isolates: 1, recheckAfter: 10, persist })
  console.log(`serving ${addresses[0]}`)
}
