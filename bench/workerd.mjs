/** Starts workerd, the runtime of Workers, and finds its process. */

import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { childrenNamed } from './measure.mjs'

/** One workerd with a Worker for each script. */
export async function startWorkerd(scripts) {
  const before = childrenNamed('workerd')
  const workers = [...scripts].map(([name, contents]) => ({
    name,
    modules: [{ type: 'ESModule', path: 'driver.mjs', contents }],
    compatibilityDate: '2026-10-01',
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }))
  const miniflare = new Miniflare(convertV4MiniflareOptions({ workers }))
  await miniflare.ready
  const urls = new Map()
  for (const { name } of workers) urls.set(name, await miniflare.unsafeGetDirectURL(name))
  const [pid] = childrenNamed('workerd').filter((child) => !before.includes(child))
  return { miniflare, urls, pid }
}
