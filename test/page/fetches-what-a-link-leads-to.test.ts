import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openFilmSite, sendFilm } from '../fetches/film-site.ts'
import { startTestApp, until } from '../support/start-test-app.ts'
import { filmBytes } from './harbour-film.ts'
import { findsNothing, overhang } from './look-over.ts'
import { missing, openBrowser, visit } from './open-browser.ts'

const env = { TRANSCRIBER: 'none', FETCH_PRIVATE_ADDRESSES: '127.0.0.1' }

test('a link is pasted, its film comes with its progress, and what is wrong is said in its place', {
  skip: missing,
}, async () => {
  const film = await filmBytes()
  let state: 'missing' | 'half' | 'whole' = 'missing'
  await using site = await openFilmSite((request, response) => {
    if (state === 'missing') return void response.writeHead(404).end()
    sendFilm(request, response, { film, until: state === 'half' ? film.length / 2 : film.length })
  })
  await using app = await startTestApp({ env })
  await using browser = await openBrowser()
  for (const [theme, width] of [
    ['light', 1280],
    ['dark', 360],
  ] as const) {
    const page = await visit(browser, app.url, { theme, size: { width, height: 720 } })
    const field = page.getByRole('textbox', { name: 'Link to a film' })
    await field.waitFor()
    await page.keyboard.press('l')
    await page.keyboard.type('not a link')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('That is no web address').waitFor()
    assert.equal(await field.getAttribute('aria-invalid'), 'true')
    await field.fill('http://10.0.0.1/film.mp4')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('from public addresses alone').waitFor()
    await findsNothing(page, `a link that was refused, ${theme}`)
    assert.equal(await overhang(page), 0)

    state = 'missing'
    await field.fill(site.at('/harbour.mp4?key=hidden'))
    await page.keyboard.press('Enter')
    const again = page.getByRole('button', { name: 'Try again: harbour' })
    await again.waitFor()
    await page.getByText(/answered 404: look whether the address is right/).waitFor()
    assert.equal(await field.inputValue(), '')
    assert.equal(await field.evaluate(element => element === document.activeElement), true, 'the focus went astray')

    state = 'half'
    await again.click()
    await page.getByText(/^Fetching · [45]\d %$/).waitFor()
    const title = page.getByRole('link', { name: 'harbour' })
    assert.equal(await title.evaluate(element => element === document.activeElement), true, 'the focus is nowhere')
    await findsNothing(page, `a film that is fetched, ${theme}`)
    assert.equal(await overhang(page), 0)
    state = 'whole'
    site.cut()
    const { items } = await app.rushes.videos.list()
    await until('it is ready', async () => (await app.rushes.videos.get(items[0]?.id ?? '')).status === 'ready')
    await page.getByText('now', { exact: true }).waitFor()
    await app.rushes.videos.delete(items[0]?.id ?? '')
    await page.context().close()
  }
})
