import { createSessionManager, memoryRevocationList } from "../_libs/sealed-session.mjs";
// sessions.ts
const sessions = createSessionManager({
	keys: () => process.env.SESSION_KEYS ?? "",
	revocationList: memoryRevocationList()
});
export { sessions };
