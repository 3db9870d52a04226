import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { makeLongFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { until } from '../support/until.ts'
import { storeFilm } from './harbour-film.ts'
import { findsNothing, overhang } from './look-over.ts'
import { missing, openBrowser, visit } from './open-browser.ts'

const env = { HLS_LADDER: '144', TRANSCRIBER: 'none' }

/** Half an hour, ready, whose ladder is still being made. */
async function storeLongFilm({ rushes, dataDirectory }: TestApp): Promise<string> {
  const film = await makeLongFilm(join(dataDirectory, 'long.mp4'))
  const { id } = await rushes.videos.upload(film, { title: 'The council' })
  await until('its ladder is being made', async () => {
    const { items } = await rushes.jobs.list({ videoId: id, kind: 'hls', state: 'running' })
    return items.length > 0
  })
  return id
}

const group = (page: Page, name: RegExp) =>
  page.locator('.job-group').filter({ has: page.getByRole('heading', { name }) })
const ladder = 'The council'
const row = (page: Page, words: string) => page.locator('.job', { hasText: words }).filter({ hasText: ladder })
const hasFocus = (page: Page, name: string) =>
  page.waitForFunction(name => document.activeElement?.getAttribute('aria-label') === name, name)

test('whoever opens the jobs sees what runs, calls it off and has it tried again', {
  skip: missing,
  timeout: 300_000,
}, async t => {
  await using app = await startTestApp({ env })
  const id = await storeLongFilm(app)
  await using browser = await openBrowser()
  const page = await visit(browser, app.url)

  await t.test('the library says that something runs, and leads there', async () => {
    await page.getByRole('link', { name: /^Jobs, \d+ running$/ }).click()
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor()
    await group(page, /^Running/)
      .locator(row(page, 'Making more sizes'))
      .getByRole('progressbar')
      .waitFor()
  })

  await t.test('called off, it is among those that have ended, and the focus goes with it', async () => {
    await page.getByRole('button', { name: 'Call off: Making more sizes, The council' }).press('Enter')
    await page.getByRole('status').filter({ hasText: '“Sizes” was called off.' }).waitFor()
    await group(page, /^Ended/)
      .locator(row(page, 'Sizes'))
      .getByText('Called off')
      .waitFor()
    await hasFocus(page, 'Try again: Sizes, The council')
    const { items } = await app.rushes.jobs.list({ videoId: id, kind: 'hls' })
    assert.deepEqual(
      items.map(({ state }) => state),
      ['cancelled'],
    )
  })

  await t.test('those that were called off can be looked at alone', async () => {
    await page.getByRole('radio', { name: 'Called off' }).check()
    await page.waitForURL(/\?state=cancelled$/)
    const isAlone = () => page.waitForFunction(() => document.querySelectorAll('.job').length === 1)
    await isAlone()
    await page.reload()
    await isAlone()
    assert.equal(await page.getByRole('radio', { name: 'Called off' }).isChecked(), true)
    await page.getByRole('radio', { name: 'All', exact: true }).check()
  })

  await t.test('tried again, it runs again', async () => {
    await page.getByRole('button', { name: 'Try again: Sizes, The council' }).click()
    await group(page, /^Running/)
      .locator(row(page, 'Making more sizes'))
      .waitFor()
  })

  await t.test('what is done is run again', async () => {
    const { items } = await app.rushes.jobs.list({ videoId: id, kind: 'thumbnail' })
    await app.rushes.jobs.untilEnded(items[0]?.id ?? '')
    await page.getByRole('button', { name: 'Run again: Picture, The council' }).click()
    await page.getByRole('status').filter({ hasText: '“Picture” is run again.' }).waitFor()
    await until('there is another job for the picture', async () => {
      const again = await app.rushes.jobs.list({ videoId: id, kind: 'thumbnail' })
      return again.items.length === items.length + 1 && again.items.every(({ state }) => state === 'done')
    })
  })

  await t.test('the title leads to the film', async () => {
    await row(page, 'Making more sizes').getByRole('link', { name: 'The council' }).click()
    await page.getByRole('heading', { name: 'The council' }).waitFor()
  })
})

test('a room calls a stage off, and has it tried again, while the film plays', {
  skip: missing,
  timeout: 300_000,
}, async () => {
  await using app = await startTestApp({ env })
  const id = await storeLongFilm(app)
  await app.rushes.videos.untilReady(id)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  const step = page.getByRole('list', { name: 'Processing' }).getByRole('listitem').filter({ hasText: /izes/ })
  await step.getByText('Making more sizes').waitFor()
  await step.getByRole('button', { name: 'Call off: Sizes' }).press('Enter')
  await step.getByLabel('called off').waitFor()
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) > 0)
  await findsNothing(page, 'a room in which a stage was called off')
  await step.getByRole('button', { name: 'Try again: Sizes' }).click()
  await step.getByText('Making more sizes').waitFor()
})

test('a stage that is run again is a quiet step, and nothing goes away meanwhile', { skip: missing }, async () => {
  await using app = await startTestApp({ env: { ...env, HLS_LADDER: 'off' } })
  const film = await makeLongFilm(join(app.dataDirectory, 'long.mp4'), 8)
  const { id } = await app.rushes.videos.upload(film, { title: 'The council' })
  await until('its scenes are there', async () => (await app.rushes.videos.get(id)).links.scenes !== null, 90)
  await using browser = await openBrowser()
  const page = await visit(browser, `${app.url}/videos/${id}`, { name: 'Ada' })
  const before = await page.locator('.cut').count()
  await app.rushes.jobs.run(id, 'scenes')
  await page.getByRole('list', { name: 'Processing' }).getByText('Finding the scenes').waitFor()
  assert.equal(await page.getByRole('listitem').filter({ hasText: 'Playback' }).count(), 0)
  assert.equal(await page.locator('.cut').count(), before)
})

test('the list of jobs bears every state, both themes and 360 px', { skip: missing, timeout: 300_000 }, async t => {
  await using app = await startTestApp({ env })
  await using browser = await openBrowser()
  const early = await visit(browser, `${app.url}/jobs`)
  await early.getByRole('heading', { name: 'No jobs yet' }).waitFor()
  await findsNothing(early, 'no jobs')
  const harbour = await storeFilm(app, 'A title that is much too long for a phone, and goes on even then')
  await early.getByRole('link', { name: 'A title' }).first().waitFor()
  await storeLongFilm(app)

  for (const theme of ['light', 'dark'] as const) {
    await t.test(theme, async () => {
      const page = await visit(browser, `${app.url}/jobs`, { theme })
      await row(page, 'Making more sizes').waitFor()
      await page.getByRole('link', { name: 'A title' }).first().waitFor()
      await findsNothing(page, 'the jobs')
      await page.getByRole('radio', { name: 'Failed' }).check()
      await page.getByRole('heading', { name: 'Nothing failed' }).waitFor()
      await findsNothing(page, 'no jobs that failed')
    })
  }

  await t.test('at 360 px nothing overlaps or scrolls sideways', async () => {
    const page = await visit(browser, `${app.url}/jobs`, { size: { width: 360, height: 740 } })
    await row(page, 'Making more sizes').waitFor()
    await page.getByRole('link', { name: 'A title' }).first().waitFor()
    assert.equal(await overhang(page), 0)
    assert.deepEqual(await overlaps(page), [])
  })

  await t.test('without a server it keeps what it shows, says so, and comes back', async () => {
    const page = await visit(browser, `${app.url}/jobs`)
    await row(page, 'Making more sizes').waitFor()
    await page.context().setOffline(true)
    await page.getByText('Not connected.').waitFor()
    await page.getByRole('link', { name: 'A title' }).first().waitFor()
    await page.context().setOffline(false)
    await page.getByText('Not connected.').waitFor({ state: 'detached' })
  })

  await t.test('a film that is deleted takes its jobs along', async () => {
    await app.rushes.videos.delete(harbour.id)
    await early.getByRole('link', { name: 'A title' }).first().waitFor({ state: 'detached' })
  })
})

/** What lies upon something else in its row. */
const overlaps = (page: Page): Promise<string[]> =>
  page.locator('.job').evaluateAll(rows =>
    rows.flatMap(row => {
      const parts = [...row.children].map(part => ({ part, box: part.getBoundingClientRect() }))
      return parts.flatMap(({ part, box }, at) =>
        parts.slice(at + 1).flatMap(({ part: other, box: otherBox }) => {
          const across = Math.min(box.right, otherBox.right) - Math.max(box.left, otherBox.left)
          const down = Math.min(box.bottom, otherBox.bottom) - Math.max(box.top, otherBox.top)
          return across > 1 && down > 1 ? [`${part.className} and ${other.className}`] : []
        }),
      )
    }),
  )
