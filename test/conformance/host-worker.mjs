/** Asks the bundle in workerd. */

import { answer } from './bundle.mjs'

export default {
  async fetch(request) {
    return Response.json(await answer(await request.json()))
  },
}
