import { createSessionManager, type Keys, type RevocationList } from 'sealed-session'

/** A shop and its administration on one host, each with cookies of its own. */
export const twoApps = (keys: Keys, revocationList: RevocationList) => ({
  shop: createSessionManager({ keys, revocationList, cookie: { name: '__Host-Http-shop' } }),
  // Browsers send this one only below /admin. A path needs a name without `__Host-`.
  admin: createSessionManager({
    keys,
    revocationList,
    cookie: { name: '__Secure-admin', path: '/admin' },
    idleTimeout: 600,
    absoluteTimeout: 3_600,
  }),
})
