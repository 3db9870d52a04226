import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openProxy } from '../support/open-proxy.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { missing, openBrowser, say, visit } from './open-browser.ts'

test('what is written while the server is gone is kept, also over a reload, and there once', {
  skip: missing,
}, async () => {
  const first = await startTestApp()
  const { id } = await storeFilm(first)
  await using proxy = await openProxy(first.url)
  await using browser = await openBrowser()
  const ada = await visit(browser, `${proxy.url}/videos/${id}`, { name: 'Ada' })
  await ada.getByText('Up to date').waitFor()

  proxy.cut()
  await ada.getByText('Reconnecting').waitFor()
  await say(ada, 'Written in a tunnel')
  await ada.locator('.message[data-pending=true]', { hasText: 'Written in a tunnel' }).waitFor()
  await using app = await first.restart()
  proxy.mend()
  await ada.getByText('Up to date').waitFor()
  await ada.locator('.message:not([data-pending])', { hasText: 'Written in a tunnel' }).waitFor()

  proxy.cut()
  await ada.getByText('Reconnecting').waitFor()
  await say(ada, 'Written before a reload')
  await ada.locator('.message[data-pending=true]').waitFor()
  proxy.mend()
  await ada.reload()
  await ada.locator('.message:not([data-pending])', { hasText: 'Written before a reload' }).waitFor()
  const { items } = await app.rushes.videos.messages(id)
  assert.deepEqual(
    items.map(message => message.body),
    ['Written in a tunnel', 'Written before a reload'],
  )
})
