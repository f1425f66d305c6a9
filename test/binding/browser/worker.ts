/** The site in workerd, with the list on KV. */

import type { MiddlewareHandler } from 'hono'
import { bindingFrom } from '../../../src/binding/device-binding.ts'
import { kvRevocationList, type RevocationNamespace } from '../../../src/cloudflare.ts'
import { session } from '../../../src/hono.ts'
import { createSessionManager } from '../../../src/index.ts'
import { appOf, SHORT } from './app.ts'

interface Env {
  REVOCATIONS: RevocationNamespace
  LIFETIME: number
}

const makeSessions = ({ REVOCATIONS, LIFETIME }: Env) =>
  createSessionManager({
    keys: 'dGhlIGtleSBvZiBib3VuZCBzZXNzaW9ucywgbm8gb24',
    revocationList: kvRevocationList(REVOCATIONS),
    binding: bindingFrom({ policy: 'when-supported', lifetime: LIFETIME }, SHORT),
  })

// The middleware makes the manager from the Worker's env, whose type the site need not know.
export default appOf(session(makeSessions) as MiddlewareHandler)
