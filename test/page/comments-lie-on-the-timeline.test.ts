import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/start-test-app.ts'
import { filmSeconds, storeFilm } from './harbour-film.ts'
import { findsNothing } from './look-over.ts'
import { missing, openBrowser, say, standsAt, visit } from './open-browser.ts'

test('comments lie where in the film they belong', { skip: missing }, async t => {
  await using app = await startTestApp()
  const { id } = await storeFilm(app)
  await using browser = await openBrowser()
  const ada = await visit(browser, `${app.url}/videos/${id}?t=5`, { name: 'Ada' })
  const grace = await visit(browser, `${app.url}/videos/${id}`, { name: 'Grace' })
  await standsAt(ada, 5)

  await t.test('I and O mark a part, Esc clears it', async () => {
    await ada.keyboard.press('i')
    await ada.keyboard.press('ArrowRight')
    await standsAt(ada, 10)
    await ada.keyboard.press('o')
    await ada.locator('.span-words', { hasText: '0:05 – 0:10' }).waitFor()
    assert.equal(await ada.locator('.marked').count(), 1)
    await ada.keyboard.press('Escape')
    await ada.locator('.marked').waitFor({ state: 'detached' })
  })

  await t.test('a comment on it is a range for everyone, which leads there', async () => {
    await ada.keyboard.press('o')
    await ada.keyboard.press('ArrowLeft')
    await standsAt(ada, 5)
    await ada.keyboard.press('i')
    await ada.keyboard.press('c')
    await ada.keyboard.type('This part drags')
    await ada.keyboard.press('Enter')
    const range = grace.locator('.comment-span')
    await range.waitFor()
    const [bar, track] = [await range.boundingBox(), await grace.locator('.track').boundingBox()]
    const secondsAt = (x: number) => ((x - (track?.x ?? 0)) / (track?.width ?? 1)) * filmSeconds
    assert.ok(Math.abs(secondsAt(bar?.x ?? 0) - 5) < 0.2, 'it does not begin at its second')
    assert.ok(Math.abs(secondsAt((bar?.x ?? 0) + (bar?.width ?? 0)) - 10) < 0.2, 'it does not end at its second')
    await range.click()
    await standsAt(grace, 5)
    await grace.locator('.message[data-pointed=true]', { hasText: '0:05 – 0:10' }).waitFor()
    assert.equal(await ada.locator('.marked').count(), 0, 'what was commented on is still marked')
  })

  await t.test('comments at one place are one pin that counts them and goes through them', async () => {
    await say(ada, 'And the sound, too')
    const pin = grace.getByRole('button', { name: /^Ada at 0:05 – 0:10: This part drags \(and 1 more\)/ })
    await pin.focus()
    await grace.locator('.pin-card', { hasText: 'And the sound, too' }).waitFor()
    await findsNothing(grace, 'the card of a pin')
    await pin.press('Enter')
    await grace.locator('.message[data-pointed=true]', { hasText: 'And the sound, too' }).waitFor()
    await pin.press('Enter')
    await grace.locator('.message[data-pointed=true]', { hasText: 'This part drags' }).waitFor()
  })

  await t.test('words that are selected in the transcript say which part is meant', async () => {
    await grace.getByRole('tab', { name: 'Transcript' }).click()
    const words = grace.locator('[data-start]')
    await words.first().waitFor()
    await grace.evaluate(() => {
      const [first, , third] = document.querySelectorAll('[data-start]')
      if (first && third) getSelection()?.setBaseAndExtent(first, 0, third, third.childNodes.length)
      document.dispatchEvent(new PointerEvent('pointerup'))
    })
    await grace.getByRole('toolbar', { name: 'The selected words' }).getByRole('button', { name: 'Ask' }).click()
    const [start, end] = [await words.first().getAttribute('data-start'), await words.nth(2).getAttribute('data-end')]
    const clock = (seconds: string | null) => `0:${String(Math.floor(Number(seconds))).padStart(2, '0')}`
    await grace.getByRole('button', { name: `${clock(start)} – ${clock(end)}`, pressed: true }).waitFor()
  })
})
