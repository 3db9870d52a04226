import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { missing, openBrowser, visit } from './open-browser.ts'

test('a file that is no film is refused in its card, with the reason, and can be dismissed', {
  skip: missing,
}, async () => {
  await using app = await startTestApp()
  await using browser = await openBrowser()
  const page = await visit(browser, app.url)
  const junk = {
    name: 'notes.mp4',
    mimeType: 'video/mp4',
    buffer: Buffer.from('these are notes, whatever they are called'),
  }
  await page.locator('input[type=file]').setInputFiles(junk)
  const said = page.getByRole('alert')
  await said.waitFor()
  assert.notEqual((await said.textContent())?.trim(), '')
  await page.getByRole('button', { name: 'Dismiss notes' }).click()
  await page.getByRole('heading', { name: 'Drop a film here' }).waitFor()
})

test('an address without a film says so and leads back', { skip: missing }, async () => {
  await using app = await startTestApp()
  await using browser = await openBrowser()
  for (const path of ['/videos/0190aaaa-0000-7000-8000-000000000000', '/videos/nothing', '/nowhere/at/all']) {
    const page = await visit(browser, app.url + path)
    await page.getByRole('heading', { name: /There is (no film here|nothing at this address)/ }).waitFor()
    await page.getByRole('link', { name: 'Open the library' }).click()
    await page.getByRole('heading', { name: 'Drop a film here' }).waitFor()
    await page.context().close()
  }
})

test('who is in a room when its film is deleted is told', { skip: missing }, async () => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  await page.getByRole('textbox').waitFor()
  const library = await visit(browser, app.url)
  await library.getByRole('button', { name: 'More for The harbour' }).click()
  await library.getByRole('menuitem', { name: 'Delete' }).click()
  await library.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'This film was deleted' }).waitFor()
  await library.getByRole('heading', { name: 'Drop a film here' }).waitFor()
})

test('a new title is seen by whoever is in the room', { skip: missing }, async () => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`)
  await page.getByRole('heading', { name: 'The harbour' }).waitFor()
  const library = await visit(browser, app.url)
  await library.getByRole('button', { name: 'More for The harbour' }).click()
  await library.getByRole('menuitem', { name: 'Rename' }).click()
  await library.getByLabel('Rename', { exact: true }).last().fill('<script>alert(1)</script>')
  await library.keyboard.press('Enter')
  await page.getByRole('heading', { name: '<script>alert(1)</script>' }).waitFor()
})

test('what is written without a connection is kept, and sent when it is back', { skip: missing }, async () => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const ada = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  const grace = await visit(browser, `${app.url}/videos/${id}`, { name: 'Grace' })
  await ada.getByRole('textbox').waitFor()
  await ada.context().setOffline(true)
  await ada.evaluate(() => dispatchEvent(new Event('offline')))
  await ada.getByText('Reconnecting').waitFor()
  await ada.getByRole('textbox').fill('Written in a tunnel')
  await ada.keyboard.press('Enter')
  await ada.locator('.message[data-pending=true]', { hasText: 'Written in a tunnel' }).waitFor()
  await ada.context().setOffline(false)
  await grace.locator('.message', { hasText: 'Written in a tunnel' }).waitFor()
  await ada.locator('.message[data-pending=true]').waitFor({ state: 'detached' })
})
