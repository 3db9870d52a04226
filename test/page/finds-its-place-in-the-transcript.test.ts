import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { filmBytes, storeFilm } from './harbour-film.ts'
import { missing, openBrowser, visit } from './open-browser.ts'

const lines = 400
const stamp = (line: number) => `00:${(line * 0.05).toFixed(3).padStart(6, '0')}`

/** Four hundred short lines, some of two rows, every fortieth of them about a lighthouse. */
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

/** Waits until a row lies within the panel, and stays so for half a second. */
const staysInSight = (page: Page, row: string) =>
  page.waitForFunction(
    async selector => {
      const isSeen = () => {
        const place = document.querySelector(selector)?.getBoundingClientRect()
        const panel = document.querySelector('.transcript')?.getBoundingClientRect()
        return place !== undefined && panel !== undefined && place.top >= panel.top && place.bottom <= panel.bottom
      }
      if (!isSeen()) return false
      await new Promise(resolve => setTimeout(resolve, 500))
      return isSeen()
    },
    row,
    { timeout: 5000 },
  )

test('the row that is gone to is in sight, however long the transcript', { skip: missing }, async t => {
  await using app = await startTestApp()
  const id = await storeLong(app)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })

  await t.test('Enter in the search', async () => {
    await page.getByRole('tab', { name: 'Transcript' }).click()
    await page.getByRole('searchbox', { name: 'Search in this film' }).fill('lighthouse')
    await page.getByRole('status').filter({ hasText: /^10$/ }).waitFor()
    for (const step of [1, 2, 10, 9]) {
      await page.keyboard.press(step >= 9 ? 'Shift+Enter' : 'Enter')
      if (step === 10) await page.keyboard.press('Shift+Enter')
      const place = step === 10 ? 10 : step
      await page.getByText(`${place} of 10`).waitFor()
      await staysInSight(page, `[data-segment="${place * 40 - 1}"]`)
    }
  })

  await t.test('what is said while the film plays', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.locator('video').evaluate(film => {
      ;(film as HTMLVideoElement).currentTime = 1
    })
    await staysInSight(page, '[data-spoken=true]')
    await page.keyboard.press('k')
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 4)
    await staysInSight(page, '[data-spoken=true]')
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
