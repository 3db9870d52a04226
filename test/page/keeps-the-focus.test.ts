import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { missing, openBrowser, say, visit } from './open-browser.ts'

const isWriting = (page: Page) => page.locator('.composer textarea:focus').waitFor()
const row = (page: Page, text: string) => page.locator('.message', { hasText: text })

test('whoever talks by keyboard keeps the focus', { skip: missing }, async t => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`)

  await t.test('after the name was asked for, and after it was not told', async () => {
    await say(page, 'The first')
    await page.getByLabel('What should the others call you?').press('Escape')
    await isWriting(page)
    await page.keyboard.press('Enter')
    await page.getByLabel('What should the others call you?').fill('Ada')
    await page.keyboard.press('Enter')
    await row(page, 'The first').waitFor()
    await isWriting(page)
  })

  await t.test('after a deletion: on the next row, below the last one in the field', async () => {
    for (const text of ['The second', 'The third']) {
      await say(page, text)
      await page.locator('.message[data-message]', { hasText: text }).waitFor()
    }
    await row(page, 'The second').focus()
    await page.keyboard.press('Delete')
    await page.locator('.message:focus', { hasText: 'The third' }).waitFor()
    await page.keyboard.press('Delete')
    await row(page, 'The third').waitFor({ state: 'detached' })
    await isWriting(page)
  })

  await t.test('after it was undone', async () => {
    await page.getByRole('button', { name: 'Undo' }).last().press('Enter')
    await row(page, 'The third').waitFor()
    await isWriting(page)
  })
})
