import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/start-test-app.ts'
import { filmSeconds, storeFilm } from './harbour-film.ts'
import { findsNothing, overhang } from './look-over.ts'
import { missing, openBrowser, secondsOf, standsAt, visit } from './open-browser.ts'

test('everything can be done by keys', { skip: missing }, async t => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) > 0)

  await t.test('arrows, J and the frame keys move in the film', async () => {
    await page.keyboard.press('ArrowRight')
    await standsAt(page, 5)
    await page.keyboard.press('Shift+ArrowLeft')
    await standsAt(page, 4)
    await page.keyboard.press('.')
    await page.waitForFunction(() => Math.abs((document.querySelector('video')?.currentTime ?? 0) - 4 - 1 / 15) < 0.02)
    await page.keyboard.press('j')
    await standsAt(page, 0)
  })

  await t.test('space and K play and stop, L plays faster', async () => {
    await page.keyboard.press('Space')
    await page.waitForFunction(() => document.querySelector('video')?.paused === false)
    await page.keyboard.press('l')
    await page.waitForFunction(() => document.querySelector('video')?.playbackRate === 1.5)
    await page.keyboard.press('k')
    await page.waitForFunction(() => document.querySelector('video')?.paused === true)
  })

  await t.test('C writes a comment at the second, Esc leaves the field', async () => {
    await page.keyboard.press('c')
    const field = page.getByRole('textbox', { name: 'Your message' })
    assert.equal(await field.evaluate(element => element === document.activeElement), true)
    const before = await secondsOf(page)
    await page.keyboard.type('kj ')
    assert.equal(await secondsOf(page), before, 'letters in the field moved the film')
    await page.keyboard.press('Escape')
    assert.equal(await field.evaluate(element => element === document.activeElement), false)
  })

  await t.test('? shows every key, Esc puts the list away', async () => {
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  await t.test('the timeline is a slider that says where it stands', async () => {
    const slider = page.getByRole('slider', { name: 'Position in the film' })
    await slider.focus()
    await page.keyboard.press('End')
    await page.waitForFunction(end => (document.querySelector('video')?.currentTime ?? 0) > end - 0.5, filmSeconds)
    assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /^0:(19|20) of 0:20/)
  })
})

test('axe finds nothing, in both themes', { skip: missing }, async t => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await app.rushes.videos.ask(id, 'Who is delighted?').message()
  await using browser = await openBrowser()
  for (const theme of ['light', 'dark'] as const) {
    await t.test(theme, async () => {
      const page = await visit(browser, app.url, { theme, name: 'Ada' })
      await page.getByRole('link', { name: 'The harbour' }).waitFor()
      await findsNothing(page, 'the library')
      await page.getByRole('button', { name: 'More for The harbour' }).click()
      await findsNothing(page, 'the menu of a film')
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await findsNothing(page, 'the question before deleting')
      await page.goto(`${app.url}/?q=harbour`)
      await page.getByText(/places? in 1 film/).waitFor()
      await findsNothing(page, 'the search')
      await page.goto(`${app.url}/videos/${id}?t=7`)
      await page.getByRole('link', { name: /^Citation 1 at/ }).click()
      await findsNothing(page, 'the talk')
      await page.getByRole('tab', { name: 'Transcript' }).click()
      await page.keyboard.press('/')
      await page.keyboard.type('harbour')
      await page.getByRole('status').filter({ hasText: /^2$/ }).waitFor()
      await findsNothing(page, 'the transcript')
    })
  }
})

test('at 360 px nothing is cut off or scrolls sideways', { skip: missing }, async () => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app, 'A title that is much too long for a phone, and goes on even then')
  await using browser = await openBrowser()
  const page = await visit(browser, app.url, { size: { width: 360, height: 740 } })
  await page.getByRole('link', { name: 'A title' }).waitFor()
  assert.equal(await overhang(page), 0, 'the library')
  await page.goto(`${app.url}/videos/${id}`)
  await page.getByRole('textbox').waitFor()
  assert.equal(await overhang(page), 0, 'the room')
  await page.getByRole('tab', { name: 'Transcript' }).click()
  await page.getByText('delighted').first().waitFor()
  assert.equal(await overhang(page), 0, 'the transcript')
})
