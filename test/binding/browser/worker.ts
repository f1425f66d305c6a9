/** The site in workerd, with the list on KV. */

import { bindingFrom } from '../../../src/binding/device-binding.ts'
import { kvRevocationList, type RevocationNamespace } from '../../../src/cloudflare.ts'
import { createSessionManager } from '../../../src/index.ts'
import { appOf, SHORT } from './app.ts'

interface Env {
  REVOCATIONS: RevocationNamespace
  LIFETIME: number
}

export default appOf(((env: Env) =>
  createSessionManager({
    keys: 'dGhlIGtleSBvZiBib3VuZCBzZXNzaW9ucywgbm8gb24',
    revocationList: kvRevocationList(env.REVOCATIONS),
    binding: bindingFrom({ policy: 'when-supported', lifetime: env.LIFETIME }, SHORT),
  })) as never)
