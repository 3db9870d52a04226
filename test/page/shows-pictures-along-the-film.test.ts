import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { findsNothing } from './look-over.ts'
import { missing, openBrowser, visit } from './open-browser.ts'

/** The second whose picture is shown in `place`, once it is near `seconds`. */
const showsSecond = (page: Page, place: string, seconds: number) =>
  page.waitForFunction(
    ({ place, seconds }) => {
      const frame = document.querySelector<HTMLElement>(`${place} .storyboard-frame`)
      return frame !== null && Math.abs(Number(frame.dataset.at) - seconds) < 1.2
    },
    { place, seconds },
  )

test('the timeline and the posters show the film where the pointer is', { skip: missing }, async t => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })

  await t.test('hovering the timeline shows the picture above the words', async () => {
    const box = await page.locator('.scrubber').boundingBox()
    assert.ok(box)
    for (const part of [0.1, 0.75]) {
      await page.mouse.move(box.x + box.width * part, box.y + 20)
      await showsSecond(page, '.hover-picture', 20 * part)
    }
    const [picture, words] = await Promise.all([
      page.locator('.hover-picture').boundingBox(),
      page.locator('.hover-card').boundingBox(),
    ])
    assert.ok(picture && words && picture.y + picture.height <= words.y, 'the picture covers the words')
  })

  await t.test('the bars are as loud as the film, and do not move when it comes', async () => {
    // A steady tone: everywhere the same, where the words alone would leave gaps.
    const heights = await page
      .locator('.bars')
      .first()
      .locator('i')
      .evaluateAll(bars => bars.map(bar => Number.parseFloat((bar as HTMLElement).style.height)))
    assert.equal(heights.length, 200)
    assert.ok(
      heights.slice(0, 195).every(height => height > 70),
      heights.join(),
    )
  })

  await t.test('moving over a poster goes through its film; nothing is loaded before', async () => {
    const asked: string[] = []
    page.on('request', request => request.url().includes('storyboard') && asked.push(request.url()))
    await page.mouse.move(0, 0)
    await page.goto(`${app.url}/`)
    const poster = page.locator('.poster').first()
    await poster.locator('img').waitFor()
    assert.deepEqual(asked, [])
    const box = await poster.boundingBox()
    assert.ok(box)
    for (const part of [0.2, 0.8]) {
      await page.mouse.move(box.x + box.width * part, box.y + 40)
      await showsSecond(page, '.poster', 20 * part)
    }
    await findsNothing(page, 'a poster that is pointed at')
    await page.mouse.move(0, 0)
    await page.locator('.storyboard-frame').waitFor({ state: 'detached' })
  })
})
