import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/start-test-app.ts'
import { until } from '../support/until.ts'
import { filmSeconds, storeFilm } from './harbour-film.ts'
import { missing, openBrowser, secondsOf, standsAt, visit } from './open-browser.ts'

test('the page plays the ladder, with a menu for the quality, and the film itself where that fails', {
  skip: missing,
}, async t => {
  await using app = await startTestApp({ env: { HLS_LADDER: '144' } })
  const { id } = await storeFilm(app)
  await until('the ladder is done', async () =>
    (await app.rushes.videos.get(id)).progress.stages.some(({ name, state }) => name === 'hls' && state === 'done'),
  )
  await using browser = await openBrowser()
  const asked: string[] = []

  await t.test('it is played by segments, sought in, and to the end', async () => {
    const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
    page.on('request', request => asked.push(request.url()))
    await page.getByLabel('Quality').waitFor()
    assert.match(await page.locator('video').evaluate(film => (film as HTMLVideoElement).src), /^blob:/)
    await page.locator('video').evaluate(film => {
      const video = film as HTMLVideoElement
      video.muted = true
      video.currentTime = filmEnd()
      function filmEnd() {
        return video.duration - 3
      }
    })
    await standsAt(page, filmSeconds - 3)
    await page.getByLabel('Quality').selectOption({ label: '144p' })
    await page.locator('video').evaluate(film => (film as HTMLVideoElement).play())
    await page.waitForFunction(() => document.querySelector('video')?.ended)
    assert.ok((await secondsOf(page)) > filmSeconds - 0.5)
    assert.ok(!asked.some(url => url.includes('/stream')), asked.join('\n'))
    // The captions are there once: the page's own.
    assert.equal(await page.locator('video').evaluate(film => (film as HTMLVideoElement).textTracks.length), 1)
  })

  await t.test('where the ladder breaks, the film itself plays', async () => {
    const page = await visit(browser, `${app.url}/`, { name: 'Ada' })
    await page.route('**/hls/**', route => route.abort())
    await page.goto(`${app.url}/videos/${id}`)
    await page.waitForFunction(() => /\/stream/.test(document.querySelector('video')?.src ?? ''))
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) > 0)
  })
})
