/** `ways.mjs` as a Worker. */
import { run } from './ways.mjs'

export default {
  async fetch(request) {
    await run(await request.json())
    return new Response('done')
  },
}
