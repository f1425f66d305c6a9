/** The option `binding`, and the parts that it is made of. */

import type { ConnectedBinding, DeviceBinding } from '../contracts/device-binding.ts'
import { SealedCookie } from '../cookies/sealed-cookie.ts'
import type { BindingHost } from '../session/config.ts'
import { BoundMarks } from './bound-marks.ts'
import { boundCodec } from './claims.ts'
import { Exchange } from './exchange.ts'
import { BindingOfRequest } from './request-binding.ts'
import {
  type BindingRules,
  type DeviceBindingOptions,
  LEAST,
  type LeastDurations,
  resolveRules,
} from './rules.ts'

/**
 * Binds sessions to the device of their browser, where the browser can (Device Bound Session
 * Credentials). The browser makes a key that cannot leave the device, and proves every few minutes
 * that it holds it. A copy of the cookies alone stops working within `lifetime`.
 *
 * Experimental: the standard is a draft.
 *
 * @example
 * createSessionManager({ keys, revocationList, binding: deviceBinding({ policy: 'when-supported' }) })
 */
export function deviceBinding(options: DeviceBindingOptions): DeviceBinding<BindingHost> {
  return bindingFrom(options, LEAST)
}

/** The same with other lower limits, for tests, which cannot wait for minutes. */
export const bindingFrom = (
  options: DeviceBindingOptions,
  least: LeastDurations,
): DeviceBinding<BindingHost> => {
  const rules = resolveRules(options, least)
  return { connect: (host) => connect(host, rules) }
}

function connect(host: BindingHost, rules: BindingRules): ConnectedBinding {
  if (rules.policy === 'when-supported' && !host.hasList) {
    throw new TypeError(
      `deviceBinding() with the policy 'when-supported' needs a revocation list, because a thief can ` +
        'drop every cookie but not a mark',
    )
  }
  assertAttributes(host.attributes)
  const cookie = new SealedCookie(nameFor(host.cookies.session.name), host.attributes, boundCodec)
  const marks = new BoundMarks(host)
  const exchange = new Exchange({ host, rules, marks, cookie })
  const parts = { host, rules, marks, cookie, exchange }
  return {
    open: (request, header) =>
      new BindingOfRequest(
        {
          isOwn: exchange.isOwn(request),
          header,
          isSkipped: request.headers.has('Secure-Session-Skipped'),
        },
        parts,
      ),
    answer: async (request) => (exchange.isOwn(request) ? exchange.answer(request) : undefined),
  }
}

/** The name of the bound cookie: Chromium keeps none that begins with `__Host-Http-` or `__Http-`. */
const nameFor = (session: string): string =>
  `${session.replace(/^__Host-Http-/i, '__Host-').replace(/^__Http-/i, '__Secure-')}-bound`

function assertAttributes(attributes: string): void {
  if (!/; Secure\b/.test(attributes)) {
    throw new TypeError(
      'deviceBinding() needs "cookie.secure": leave "binding" out in development over plain http',
    )
  }
  if (!/^Domain=/.test(attributes)) return
  throw new TypeError('deviceBinding() binds sessions of one host: leave "cookie.domain" out')
}
