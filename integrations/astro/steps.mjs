/** What has to hold in Astro beside the scenario. */

import assert from 'node:assert/strict'

export const steps = {
  async 'the frontmatter of a page may change the session'({ browser }) {
    const ada = browser()
    await ada.signIn('ada')
    await (await ada.open('/writes')).text()
    assert.equal(await ada.see(), 'Hello ada. Theme: set by a page. Ended: no.')
  },

  async 'a component that waits is too late'({ browser }) {
    const ada = browser()
    await ada.signIn('ada')
    assert.match(await (await ada.open('/writes-late')).text(), /too late/)
    assert.equal(await ada.see(), 'Hello ada. Theme: none. Ended: no.')
  },
}
