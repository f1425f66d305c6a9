/** All mutants, by the room of the sources that they are in. */

import { binding } from './binding.ts'
import { client } from './client.ts'
import { contracts } from './contracts.ts'
import { cookies } from './cookies.ts'
import { hono } from './hono.ts'
import { logout } from './logout.ts'
import type { Group } from './mutant.ts'
import { node } from './node.ts'
import { revocation } from './revocation.ts'
import { seal } from './seal.ts'
import { session } from './session.ts'
import { testing } from './testing.ts'
import { tokens } from './tokens.ts'

export const groups: readonly Group[] = [
  ...seal,
  ...cookies,
  ...revocation,
  ...contracts,
  ...session,
  ...testing,
  ...tokens,
  ...logout,
  ...hono,
  ...binding,
  ...node,
  ...client,
]
