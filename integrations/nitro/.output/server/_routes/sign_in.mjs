import { defineHandler, redirect } from "../_libs/h3+rou3+srvx.mjs";
import { sessions } from "../_chunks/sessions.mjs";
// routes/sign-in.post.ts
var sign_in_post_default = defineHandler(async (event) => {
	const session = await sessions.load(event.req);
	const form = await event.req.formData();
	await session.signIn(String(form.get("subject")));
	return redirect("/", 303);
});
export { sign_in_post_default as default };
