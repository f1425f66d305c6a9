import { defineHandler } from "../_libs/h3+rou3+srvx.mjs";
import { sessions } from "../_chunks/sessions.mjs";
// routes/index.get.ts
var index_get_default = defineHandler(async (event) => {
	const { subject = "stranger", ended = "no", data } = await sessions.load(event.req);
	return `Hello ${subject}. Theme: ${data.theme ?? "none"}. Ended: ${ended}.`;
});
export { index_get_default as default };
