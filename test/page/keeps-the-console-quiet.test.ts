import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { missing, openBrowser, standsAt, visit } from './open-browser.ts'

test('library and room cause no error in the console and break no rule of the policy', { skip: missing }, async () => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const page = await visit(browser, app.url, { name: 'Ada' })
  const complaints: string[] = []
  page.on('console', message => {
    // A breach of the policy is one of these too.
    if (['error', 'warning'].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('response', answer => answer.status() >= 400 && complaints.push(`${answer.status()} for ${answer.url()}`))

  await page.goto(app.url)
  await page.getByRole('link', { name: 'The harbour' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('harbour')
  await page.getByText(/places? in 1 film/).waitFor()

  await page.goto(`${app.url}/videos/${id}?t=7`)
  await standsAt(page, 7)
  await page.getByRole('textbox').fill('? Who is delighted?')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: /^Citation 1 at/ }).click()
  await page.getByRole('tab', { name: 'Transcript' }).click()
  await page.locator('[data-start]', { hasText: 'delighted' }).waitFor()
  await page.getByRole('link', { name: 'Back to the library' }).click()
  await page.getByRole('link', { name: 'The harbour' }).waitFor()
  assert.deepEqual(complaints, [])
})
