/** Starts a fresh isolate of an app for each new id: the id decides which isolate answers. */
export default {
  async fetch(request, env) {
    const { app, isolate, path, method, cookie } = await request.json()
    const worker = env.LOADER.get(`${app} ${isolate}`, () => ({
      compatibilityDate: '2026-10-01',
      mainModule: 'app.js',
      modules: { 'app.js': env[app] },
    }))
    const headers = cookie === undefined ? {} : { cookie }
    const url = `https://example.com${path}`
    const response = await worker.getEntrypoint().fetch(new Request(url, { method, headers }))
    return Response.json({
      status: response.status,
      text: await response.text(),
      setCookie: response.headers.getSetCookie(),
    })
  },
}
