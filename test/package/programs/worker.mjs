import { RevocationObject } from 'sealed-session/durable-object'
import { use } from './use.mjs'

export { RevocationObject }

export default {
  async fetch() {
    return Response.json(await use())
  },
}
