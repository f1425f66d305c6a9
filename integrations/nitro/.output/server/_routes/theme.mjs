import { defineHandler, redirect } from "../_libs/h3+rou3+srvx.mjs";
import { sessions } from "../_chunks/sessions.mjs";
// routes/theme.post.ts
var theme_post_default = defineHandler(async (event) => {
	const session = await sessions.load(event.req);
	const form = await event.req.formData();
	session.data.theme = String(form.get("theme"));
	return redirect("/", 303);
});
export { theme_post_default as default };
