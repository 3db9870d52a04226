import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startTestApp } from '../support/start-test-app.ts'
import { captions, filmBytes, storeFilm } from './harbour-film.ts'
import { missing, openBrowser, secondsOf, standsAt, visit } from './open-browser.ts'

test('a dropped film is uploaded, opened and played', { skip: missing }, async () => {
  await using app = await startTestApp()
  await using browser = await openBrowser()
  const page = await visit(browser, app.url)
  await page.getByRole('heading', { name: 'Drop a film here' }).waitFor()

  await dropFiles(page, [
    { name: 'harbour.mp4', type: 'video/mp4', base64: (await filmBytes()).toString('base64') },
    { name: 'harbour.vtt', type: 'text/vtt', base64: Buffer.from(captions).toString('base64') },
  ])
  await page.getByRole('heading', { name: 'harbour' }).getByRole('link').click()
  await page.waitForURL(/\/videos\/[0-9a-f-]{36}$/)
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) > 0)
  await page.keyboard.press('k')
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5)
  await page.keyboard.press('k')
  assert.equal(await page.locator('video').evaluate(film => (film as HTMLVideoElement).paused), true)

  await page.getByRole('tab', { name: 'Transcript' }).click()
  await page.getByText('delighted', { exact: false }).first().waitFor()
})

test('a word, a search hit, a citation and a time code lead to their second', { skip: missing }, async t => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}?t=3`, { name: 'Ada' })

  await t.test('the address opens at its second', () => standsAt(page, 3))

  await t.test('a clicked word seeks', async () => {
    await page.getByRole('tab', { name: 'Transcript' }).click()
    const word = page.locator('[data-start]', { hasText: 'motor' })
    await word.click()
    await standsAt(page, Number(await word.getAttribute('data-start')))
  })

  await t.test('Enter in the search goes from place to place', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('harbour')
    await page.getByRole('status').filter({ hasText: /^2$/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('1 of 2').waitFor()
    const first = await secondsOf(page)
    await page.keyboard.press('Enter')
    await page.waitForFunction(before => (document.querySelector('video')?.currentTime ?? 0) > before + 3, first)
  })

  await t.test('an answer comes with citations that seek and light up on the timeline', async () => {
    await page.getByRole('tab', { name: 'Talk' }).click()
    await page.getByRole('textbox').fill('? When was the crane repaired?')
    await page.keyboard.press('Enter')
    const citation = page.getByRole('link', { name: /^Citation 1 at 0:00/ })
    await citation.click()
    await standsAt(page, 0.5)
    assert.ok((await page.locator('.cited').count()) > 0, 'nothing is lit on the timeline')
    assert.equal(await page.locator('.cited[data-chosen=true]').count(), 1)
  })

  await t.test('a hit in the library opens the film at its second', async () => {
    await page.goto(`${app.url}/`)
    await page.getByRole('link', { name: 'The harbour' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('twelve tons')
    await page
      .getByRole('link', { name: /twelve tons/ })
      .first()
      .click()
    await page.waitForURL(/\?t=/)
    await standsAt(page, Number(new URL(page.url()).searchParams.get('t')))
  })
})

test('the second person sees what the first one says, where they are, and that they type', {
  skip: missing,
}, async () => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const ada = await visit(browser, `${app.url}/videos/${id}?t=7`)
  const grace = await visit(browser, `${app.url}/videos/${id}`, { name: 'Grace' })

  await ada.getByRole('textbox').fill('Look at the <i>motor</i> here')
  await ada.keyboard.press('Enter')
  await ada.getByLabel('What should the others call you?').fill('Ada')
  await ada.keyboard.press('Enter')

  const heard = grace.locator('.message', { hasText: 'Look at the <i>motor</i> here' })
  await heard.waitFor()
  await heard.getByRole('link', { name: 'At 0:07' }).click()
  await standsAt(grace, 7)
  await grace.getByRole('button', { name: /^Ada at 0:07/ }).waitFor()
  await grace.locator('.head[title^="Ada is at 0:07"]').waitFor()

  await ada.getByRole('textbox').pressSequentially('And')
  await grace.getByText('Ada is typing…').waitFor()
})

interface Dropped {
  name: string
  type: string
  base64: string
}

/** What a file manager does when its files are let go over the page. */
async function dropFiles(page: Page, files: Dropped[]): Promise<void> {
  await page.evaluate(dropped => {
    const transfer = new DataTransfer()
    for (const { name, type, base64 } of dropped) {
      const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
      transfer.items.add(new File([bytes], name, { type }))
    }
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
  }, files)
}
