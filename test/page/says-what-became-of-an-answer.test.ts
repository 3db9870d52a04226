import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { dictated, startModelServer } from '../chat/model-server.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { missing, openBrowser, say, visit } from './open-browser.ts'

const question = (page: Page, text: string) => page.locator('.message', { hasText: text })
const answer = (page: Page, text: string) => page.locator('.answer[data-message]', { hasText: text })

async function remove(page: Page, row: ReturnType<typeof question>) {
  await row.focus()
  await page.keyboard.press('Delete')
  await row.waitFor({ state: 'detached' })
}

/** It can't be undone any more: what is deleted goes out when the page is hidden. */
const hide = (page: Page) => page.evaluate(() => dispatchEvent(new Event('pagehide')))

test('a question and its answer, once one of them is gone or never came', { skip: missing }, async t => {
  let dictation = dictated()
  await using model = await startModelServer(() => ({ ending: 'end', deltas: dictation.deltas }))
  await using app = await startTestApp({ env: { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'stand-in' } })
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const ada = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  const grace = await visit(browser, `${app.url}/videos/${id}`, { name: 'Grace' })

  await t.test('a cancelled answer stands under its question, whatever was said since', async () => {
    await say(ada, '? When was the crane repaired?')
    await ada.locator('.answer[data-streaming=true]').waitFor()
    await say(grace, 'I would like to know that, too')
    await question(ada, 'like to know').waitFor()
    await ada.locator('.answer[data-streaming=true]').getByRole('button', { name: 'to Ada' }).waitFor()
    await ada.getByRole('button', { name: 'Cancel' }).click()
    await grace.locator('.message:has-text("repaired?") + .answer', { hasText: 'It was cancelled.' }).waitFor()
    await grace.locator('.answer + .message', { hasText: 'like to know' }).waitFor()
  })

  await t.test('whose answer was deleted says so, and may be asked again', async () => {
    dictation = dictated()
    await ada.getByRole('button', { name: 'Try again' }).click()
    dictation.say('In March [1].')
    dictation.end()
    await answer(grace, 'In March').waitFor()
    await remove(ada, answer(ada, 'In March'))
    await ada.getByText('Answer deleted.').waitFor()
    await hide(ada)
    await answer(grace, 'In March').waitFor({ state: 'detached' })
    for (const page of [ada, grace]) await question(page, 'repaired?').getByText('The answer was deleted.').waitFor()
    const late = await visit(browser, `${app.url}/videos/${id}`, { name: 'Linus' })
    await question(late, 'repaired?').getByText('No answer here.').waitFor()
    await late.context().close()
    dictation = dictated()
    await grace.getByRole('button', { name: 'Ask again' }).click()
    await ada.locator('.answer[data-streaming=true]').waitFor()
  })

  await t.test('an answer that is written names its question while that waits to be gone', async () => {
    await remove(ada, question(ada, 'repaired?'))
    await ada.getByText('Question deleted.').waitFor()
    await ada.locator('.answer[data-streaming=true] .answer-to', { hasText: 'to Ada' }).waitFor()
    await ada.getByRole('button', { name: 'Undo' }).last().click()
    await question(ada, 'repaired?').waitFor()
    dictation.say('It was in March [1].')
    dictation.end()
    await answer(ada, 'It was in March').waitFor()
  })

  await t.test('an answer stays its asker’s when the question is gone', async () => {
    await remove(ada, question(ada, 'repaired?'))
    await hide(ada)
    await question(grace, 'repaired?').waitFor({ state: 'detached' })
    await answer(grace, 'It was in March').hover()
    assert.equal(await grace.getByRole('button', { name: 'More for this message' }).count(), 0)
    await remove(ada, answer(ada, 'It was in March'))
    await hide(ada)
    await answer(grace, 'It was in March').waitFor({ state: 'detached' })
  })
})

test('who has no model, and asks what is not said, is told that nothing was found', { skip: missing }, async () => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const ada = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  await say(ada, '? Who invented penicillin?')
  await ada.locator('.answer[data-message] b', { hasText: 'Nothing found in the film' }).waitFor()
})
