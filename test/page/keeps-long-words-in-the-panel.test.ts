import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startModelServer } from '../chat/model-server.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { overhang } from './look-over.ts'
import { missing, openBrowser, say, visit } from './open-browser.ts'

const long = 'The crane at the harbour was repaired, and everyone is delighted. '.repeat(5)

test('a reply to a long answer names it as its row does, and stays within the window', { skip: missing }, async () => {
  await using model = await startModelServer(() => ({ ending: 'end', deltas: [`${long}[1]`] }))
  await using app = await startTestApp({ env: { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'stand-in' } })
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  for (const size of [
    { width: 1280, height: 800 },
    { width: 360, height: 740 },
  ]) {
    const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada', size })
    if (size.width > 1000) await say(page, '? When was the crane repaired?')
    const answer = page.locator('.answer[data-message]')
    await answer.focus()
    await page.keyboard.press('r')
    await page.locator('.replying', { hasText: 'To Answer by stand-in: The crane' }).waitFor()
    assert.equal(await overhang(page), 0)
    const panel = await page.locator('.room-right').boundingBox()
    assert.ok(panel && panel.x + panel.width <= size.width, `the panel ends at ${panel && panel.x + panel.width}`)
    await answer.hover()
    await answer.getByRole('button', { name: 'Reply to Answer by stand-in' }).waitFor()
    await page.context().close()
  }
})
