import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // As many files at once as there are cores. The default is one less, which on two cores is one.
    maxWorkers: '100%',
    // The stories of one file mostly wait, all at once.
    maxConcurrency: 20,
    projects: [
      {
        // What runs the same everywhere, and what starts other runtimes itself.
        test: {
          name: 'node',
          include: [
            'test/{binding,cli,client,conformance,contracts,core,gates,hostile,logout,node,outages,races,testing}/*.test.ts',
          ],
        },
      },
      {
        // In workerd: the middleware, the list on KV, and the example through its front door.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: { SESSION_KEYS: 'dGhlIHRlc3RzIG93biBrZXksIG5vdCBhIHNlY3JldCE=' },
            },
          }),
        ],
        // The example imports the library by its name, as an app does; its tsconfig says where it is.
        resolve: { tsconfigPaths: true },
        test: { name: 'workers', include: ['test/workers/*.test.ts'] },
      },
      {
        // In workerd: the list and the data store on Durable Objects.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.durable.toml' },
            main: './test/durable/worker.ts',
            miniflare: {
              d1Databases: ['DB'],
              bindings: { SESSION_KEYS: 'dGhlIHRlc3RzIG93biBrZXksIG5vdCBhIHNlY3JldCE=' },
            },
          }),
        ],
        resolve: { tsconfigPaths: true },
        test: { name: 'durable', include: ['test/durable/*.test.ts'] },
      },
      {
        // From outside: the real `wrangler dev`, and a real browser.
        test: {
          name: 'outside',
          include: ['test/outside/*.test.ts', 'test/browser/*.test.ts', 'test/servers/*.test.ts'],
          // After all others, and three at a time: they mostly wait.
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
          // Here time really passes, and a machine under load may be late once.
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Bound sessions in a real browser. Proofs expire in real time, so nothing else runs then.
        test: {
          name: 'binding',
          include: ['test/binding/browser/*.test.ts'],
          sequence: { groupOrder: 2 },
          maxWorkers: 2,
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
