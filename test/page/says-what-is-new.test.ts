import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { missing, openBrowser, say, visit } from './open-browser.ts'

test('what is new since one was here is counted, and marked where it begins', { skip: missing }, async () => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const ada = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  const grace = await visit(browser, `${app.url}/videos/${id}`, { name: 'Grace' })
  await say(grace, 'Seen by both')
  await ada.locator('.message', { hasText: 'Seen by both' }).waitFor()
  await ada.waitForFunction(() => document.title.startsWith('The harbour'))
  assert.equal(await ada.locator('.new-line').count(), 0)

  await ada.getByRole('tab', { name: 'Transcript' }).click()
  await say(grace, 'Said while she read')
  await say(grace, 'And another')
  await ada.waitForFunction(() => document.title.startsWith('(2) The harbour'))
  await ada.getByRole('tab', { name: 'Talk 2 new' }).click()
  await ada.locator('.new-line + .message', { hasText: 'Said while she read' }).waitFor()
  await ada.waitForFunction(() => document.title.startsWith('The harbour'))

  await ada.goto(app.url)
  await say(grace, 'Said while she was away')
  await grace.locator('.message:not([data-pending])', { hasText: 'while she was away' }).waitFor()
  await ada.goto(`${app.url}/videos/${id}`)
  await ada.locator('.new-line + .message', { hasText: 'Said while she was away' }).waitFor()
  assert.equal(await ada.locator('.new-line').count(), 1)
  await ada.waitForFunction(() => document.title.startsWith('The harbour'))
})
