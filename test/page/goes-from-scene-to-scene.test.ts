import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { cutFilm } from '../detections/cut-film.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { findsNothing } from './look-over.ts'
import { missing, openBrowser, visit } from './open-browser.ts'

test('cuts are marked on the timeline, and keys go from one to the next', { skip: missing }, async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const { id } = await app.rushes.videos.upload(cutFilm(join(app.dataDirectory, 'cuts.mp4')))
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  await page.waitForFunction(() => document.querySelectorAll('.cut').length === 2)
  const places = await page
    .locator('.cut')
    .evaluateAll(cuts => cuts.map(cut => Number.parseFloat((cut as HTMLElement).style.left)))
  for (const [at, place] of places.entries()) assert.ok(Math.abs(place - ([32.2, 67.7][at] ?? -9)) < 1.5, `${place} %`)
  await findsNothing(page, 'a timeline with scenes')

  const stands = (seconds: number) =>
    page.waitForFunction(
      seconds => Math.abs((document.querySelector('video')?.currentTime ?? -9) - seconds) < 0.05,
      seconds,
    )
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) > 0)
  for (const [key, seconds] of [
    ['n', 2],
    ['n', 4.2],
    ['n', 4.2],
    ['p', 2],
    ['p', 0],
  ] as const) {
    await page.keyboard.press(key)
    await stands(seconds)
  }
})
