/** What has to hold in Next beside the scenario. */

import assert from 'node:assert/strict'

export const steps = {
  async 'a page that writes is an error'({ browser }) {
    const ada = browser()
    const response = await ada.open('/broken')
    assert.equal(response.status, 500)
    assert.deepEqual(response.headers.getSetCookie(), [])
    await response.text()
  },

  async 'a link that is prefetched slides nothing'({ browser, clock }) {
    const ada = browser()
    await ada.signIn('ada')
    await clock.pass(29 * 60)
    const headers = { RSC: '1', 'Next-Router-Prefetch': '1' }
    const response = await ada.open('/', { headers })
    assert.deepEqual(response.headers.getSetCookie(), [])
    await response.text()
    await clock.pass(60)
    assert.equal(await ada.see(), 'Hello stranger. Theme: none. Ended: idle.')
  },

  async 'each cookie is set once'({ browser }) {
    const ada = browser()
    const answers = [await ada.signIn('ada'), await ada.open('/'), await ada.send('/sign-out')]
    for (const answer of answers) {
      const names = answer.headers.getSetCookie().map((line) => line.split('=', 1)[0])
      assert.equal(new Set(names).size, names.length)
      if (!answer.bodyUsed) await answer.text()
    }
  },
}
