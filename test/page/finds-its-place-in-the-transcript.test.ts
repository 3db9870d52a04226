import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { filmBytes, storeFilm } from './harbour-film.ts'
import { missing, openBrowser, visit } from './open-browser.ts'

const lines = 1200
const stamp = (line: number) => `00:${(line / 60).toFixed(3).padStart(6, '0')}`

/** Many short lines, some of two rows, every fortieth of them about a lighthouse. */
const manyLines = `WEBVTT\n\n${Array.from({ length: lines }, (_, line) => {
  const text =
    line % 7 === 0 ? 'Then the boats came in, one after another, and everyone went down to look' : 'So it was'
  const said = line % 40 === 39 ? 'There stands the lighthouse' : text
  return `${stamp(line)} --> ${stamp(line + 1)}\n${said}, ${line}.\n`
}).join('\n')}`

async function storeLong({ rushes }: TestApp): Promise<string> {
  const film = new File([new Uint8Array(await filmBytes())], 'long.mp4', { type: 'video/mp4' })
  const { id } = await rushes.videos.upload(film, { title: 'The long one', captions: manyLines })
  return (await rushes.videos.untilReady(id)).id
}

/** Once the panel has been still for a while: how many pixels the row lies outside of it. */
const outOfSight = (page: Page, selector: string): Promise<number> =>
  page.evaluate(async wanted => {
    const panel = document.querySelector('.transcript')
    if (!panel) throw new Error('There is no transcript.')
    let before = Number.NaN
    for (let still = 0; still < 6; still = panel.scrollTop === before ? still + 1 : 0) {
      before = panel.scrollTop
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    const row = document.querySelector(wanted)?.getBoundingClientRect()
    const { top, bottom } = panel.getBoundingClientRect()
    return row ? Math.max(0, top - row.top, row.bottom - bottom) : Number.POSITIVE_INFINITY
  }, selector)

test('the row that is gone to is in sight, however long the transcript', { skip: missing }, async t => {
  await using app = await startTestApp()
  const id = await storeLong(app)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  // Scrolled as most see it: on its way the panel learns how high its rows are.
  await page.emulateMedia({ reducedMotion: 'no-preference' })

  await t.test('Enter in the search', async () => {
    await page.getByRole('tab', { name: 'Transcript' }).click()
    await page.getByRole('searchbox', { name: 'Search in this film' }).fill('lighthouse')
    await page.getByRole('status').filter({ hasText: /^30$/ }).waitFor()
    const keys = ['Enter', 'Enter', 'Shift+Enter', 'Shift+Enter', 'Shift+Enter', 'Shift+Enter']
    for (const [press, place] of [1, 2, 1, 30, 29, 28].entries()) {
      await page.keyboard.press(keys[press] ?? 'Enter')
      await page.getByText(`${place} of 30`).waitFor()
      assert.equal(await outOfSight(page, `[data-segment="${place * 40 - 1}"]`), 0, `place ${place}`)
    }
  })

  await t.test('what is said while the film plays', async () => {
    const film = page.locator('video')
    await film.evaluate(element => {
      const video = element as HTMLVideoElement
      video.currentTime = 6
      return video.play()
    })
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 7)
    await film.evaluate(element => (element as HTMLVideoElement).pause())
    assert.equal(await outOfSight(page, '[data-spoken=true]'), 0)
  })
})

test('a search says one thing: what it looked for, and what it found', { skip: missing }, async t => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  const field = page.getByRole('searchbox', { name: 'Search in this film' })
  const isInField = () => field.evaluate(input => input === document.activeElement)
  const count = page.locator('.match-steps [role=status]')

  await t.test('a slip is corrected, and its word is marked and counted in the transcript', async () => {
    await page.getByRole('tab', { name: 'Transcript' }).click()
    await field.fill('harbuor')
    await page.getByText('Showing results for harbour').waitFor()
    await count.filter({ hasText: /^2$/ }).waitFor()
    assert.deepEqual(await page.locator('.word-match').allTextContents(), ['harbour', 'harbour'])
    assert.equal(await page.getByText('Not in these words').count(), 0)
    assert.equal(await page.locator('.track-hit').count(), 2)
  })

  await t.test('as it was typed it is nowhere, and what it may have meant is offered', async () => {
    await page.getByRole('button', { name: 'Search for “harbuor”' }).click()
    await page.getByText('Not said in these words: “harbuor”').waitFor()
    await count.filter({ hasText: 'None' }).waitFor()
    assert.ok(await page.getByRole('button', { name: 'Next place' }).isDisabled())
    assert.ok(await isInField())
    await page.getByRole('button', { name: 'harbour', exact: true }).click()
    assert.equal(await field.inputValue(), 'harbour')
    assert.ok(await isInField())
  })

  await t.test('the arrow down goes to what lies near, and back', async () => {
    await field.fill('twelve cranes were delighted')
    await count.filter({ hasText: /near$/ }).waitFor()
    await field.press('ArrowDown')
    const focused = page.locator('.related .hit:focus')
    await focused.waitFor()
    await page.keyboard.press('ArrowUp')
    assert.ok(await isInField())
  })

  await t.test('only words are marked, where they begin, and not those that stand everywhere', async () => {
    await field.fill('at the or repair in crane')
    await page.locator('.related mark', { hasText: /^crane$/ }).waitFor()
    const marked = await page.locator('.related mark').allTextContents()
    assert.deepEqual(new Set(marked.map(word => word.toLowerCase())), new Set(['repair', 'crane']))
  })
})
