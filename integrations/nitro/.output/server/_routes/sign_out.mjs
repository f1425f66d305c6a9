import { defineHandler, redirect } from "../_libs/h3+rou3+srvx.mjs";
import { sessions } from "../_chunks/sessions.mjs";
// routes/sign-out.post.ts
var sign_out_post_default = defineHandler(async (event) => {
	await (await sessions.load(event.req)).destroy();
	return redirect("/", 303);
});
export { sign_out_post_default as default };
