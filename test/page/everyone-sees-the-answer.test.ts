import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dictated, startModelServer } from '../chat/model-server.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { storeFilm } from './harbour-film.ts'
import { findsNothing } from './look-over.ts'
import { missing, openBrowser, say, visit } from './open-browser.ts'

test('an answer belongs to everyone in the room', { skip: missing }, async t => {
  let dictation = dictated()
  const usage = { prompt_tokens: 1200, completion_tokens: 80 }
  await using model = await startModelServer(() => ({ ending: 'end', deltas: dictation.deltas, usage }))
  await using app = await startTestApp({ env: { OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'stand-in' } })
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const ada = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  await say(ada, '? When was the crane repaired?')
  dictation.say('It was repaired ')
  await ada.locator('.answer[data-streaming=true]', { hasText: 'It was repaired' }).waitFor()

  const grace = await visit(browser, `${app.url}/videos/${id}`, { name: 'Grace' })
  await t.test('who comes late sees it from its beginning', async () => {
    await grace.locator('.answer[data-streaming=true]', { hasText: 'It was repaired' }).waitFor()
    dictation.say('in March.')
    for (const page of [ada, grace])
      await page.locator('.answer[data-streaming=true]', { hasText: 'It was repaired in March.' }).waitFor()
    await findsNothing(grace, 'an answer that is being written')
  })

  await t.test('anyone may cancel it, and anyone may ask again', async () => {
    await grace.getByRole('button', { name: 'Cancel' }).click()
    await ada.getByText('It was cancelled.').waitFor()
    dictation = dictated()
    await ada.getByRole('button', { name: 'Try again' }).click()
    dictation.say('In March [1], about [0:03] or 0:04 of it.')
    dictation.end()
    const whole = grace.locator('.answer[data-message]', { hasText: 'In March 0:00' })
    await whole.waitFor()
    assert.match((await whole.locator('b').first().getAttribute('title')) ?? '', /1,200 tokens read, 80 written/)
    await ada.getByRole('button', { name: 'Try again' }).waitFor({ state: 'detached' })
  })

  await t.test('only what was checked is a link in it', async () => {
    const body = grace.locator('.answer[data-message] .answer-body')
    assert.deepEqual(await body.getByRole('link').allTextContents(), ['0:00'])
    assert.equal(await body.textContent(), 'In March 0:00, about (0:03) or 0:04 of it.')
  })

  await t.test('whoever asked takes it away, for everyone; others can not', async () => {
    const here = (page: typeof ada) => page.locator('.answer[data-message]')
    await here(grace).hover()
    assert.equal(await here(grace).getByRole('button', { name: 'More for this message' }).count(), 0)
    await here(ada).focus()
    await ada.keyboard.press('Delete')
    await here(grace).waitFor({ state: 'detached' })
    await grace.locator('.message', { hasText: 'When was the crane repaired?' }).waitFor()
  })
})
