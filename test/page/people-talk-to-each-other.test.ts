import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { findsNothing } from './look-over.ts'
import { missing, openBrowser, say, visit } from './open-browser.ts'

const row = (page: Page, text: string) => page.locator('.message-body', { hasText: text }).locator('xpath=../..')

test('what two people say to each other', { skip: missing }, async t => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const ada = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  const grace = await visit(browser, `${app.url}/videos/${id}`, { name: 'Grace' })
  await say(ada, 'The crane is too dark')
  await row(grace, 'too dark').waitFor()

  await t.test('a reply has its original above it, which leads there', async () => {
    await row(grace, 'too dark').focus()
    await grace.keyboard.press('r')
    await grace.keyboard.type('I can lift it')
    await grace.keyboard.press('Enter')
    await row(ada, 'lift it')
      .getByRole('button', { name: /In reply to Ada The crane is too dark/ })
      .click()
    await ada.locator('.message[data-pointed=true]', { hasText: 'too dark' }).waitFor()
  })

  await t.test('up in an empty field changes the last own message, and both see that it was', async () => {
    await ada.getByRole('textbox', { name: 'Your message' }).press('ArrowUp')
    const form = ada.getByRole('textbox', { name: 'Change your message' })
    await form.fill('The crane is much too dark')
    await form.press('Enter')
    await row(grace, 'much too dark').getByText('edited').waitFor()
    assert.equal(await row(ada, 'The crane is too dark').count(), 0)
  })

  await t.test('a change that is given up changes nothing', async () => {
    await row(ada, 'much too dark').focus()
    await ada.keyboard.press('e')
    await ada.getByRole('textbox', { name: 'Change your message' }).fill('Never mind')
    await ada.keyboard.press('Escape')
    await row(ada, 'much too dark').waitFor()
  })

  await t.test('a reaction is counted with who chose it, and taken back by the same button', async () => {
    await row(grace, 'much too dark').hover()
    await row(grace, 'much too dark').getByRole('button', { name: 'React' }).click()
    await grace.getByRole('menuitem', { name: 'Thumbs up' }).press('ArrowRight')
    await grace.keyboard.press('Enter')
    const chip = row(ada, 'much too dark').getByRole('button', { name: /1: Grace$/ })
    await chip.click()
    await row(grace, 'much too dark')
      .getByRole('button', { name: /2: you, Ada$/, pressed: true })
      .click()
    await row(ada, 'much too dark')
      .getByRole('button', { name: /1: you$/ })
      .waitFor()
  })

  await t.test('@ offers the people here; who is spoken to sees it marked', async () => {
    await ada.getByRole('textbox', { name: 'Your message' }).pressSequentially('Cut it here @gr')
    await ada.getByRole('option', { name: 'Grace' }).waitFor()
    await findsNothing(ada, 'the list of names')
    await ada.keyboard.press('Enter')
    await ada.keyboard.press('Enter')
    await grace.locator('.message[data-for-me=true]', { hasText: 'Cut it here @Grace' }).waitFor()
    assert.equal(await ada.locator('.message[data-for-me=true]').count(), 0)
  })

  await t.test('a deleted message is gone at once, and back when that is undone', async () => {
    await row(ada, 'Cut it here').focus()
    await ada.keyboard.press('Delete')
    await row(ada, 'Cut it here').waitFor({ state: 'detached' })
    await ada.getByRole('button', { name: 'Undo' }).click()
    await row(ada, 'Cut it here').waitFor()
    assert.equal(await row(grace, 'Cut it here').count(), 1)
  })

  await t.test('a deletion that is not undone goes out when the page goes', async () => {
    await row(ada, 'Cut it here').hover()
    await row(ada, 'Cut it here').getByRole('button', { name: 'More for this message' }).click()
    await ada.getByRole('menuitem', { name: 'Delete' }).click()
    await ada.goto(app.url)
    await row(grace, 'Cut it here').waitFor({ state: 'detached' })
  })
})
