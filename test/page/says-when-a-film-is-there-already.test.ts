import { test } from 'node:test'
import { startTestApp } from '../support/start-test-app.ts'
import { filmBytes } from './harbour-film.ts'
import { missing, openBrowser, visit } from './open-browser.ts'

test('a film that is there already is said to be, with the way to the first one', { skip: missing }, async () => {
  await using app = await startTestApp()
  const bytes = await filmBytes()
  const first = await app.rushes.videos.upload(new File([new Uint8Array(bytes)], 'first.mp4'), { title: 'First' })
  await using browser = await openBrowser()
  const page = await visit(browser, app.url)
  await page.locator('input[type=file]').setInputFiles({ name: 'again.mp4', mimeType: 'video/mp4', buffer: bytes })
  await page.getByText('The same film was there already.').waitFor()
  await page.getByRole('link', { name: 'Same film as an earlier one' }).click()
  await page.waitForURL(`**/videos/${first.id}`)
})
