import { defineHandler, redirect } from "../_libs/h3+rou3+srvx.mjs";
import { sessions } from "../_chunks/sessions.mjs";
// routes/force-out.post.ts
var force_out_post_default = defineHandler(async (event) => {
	const form = await event.req.formData();
	await sessions.revokeSubject(String(form.get("subject")));
	return redirect("/", 303);
});
export { force_out_post_default as default };
