import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

const executablePath = '/usr/bin/chromium'
const builtPage = fileURLToPath(new URL('../../web/dist/index.html', import.meta.url))
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

/** Why the page can't be tested here; false when it can. */
export const missing: string | false = !existsSync(executablePath)
  ? `there is no Chromium at ${executablePath}`
  : !existsSync(builtPage) && 'the page is not built: npm run build'

/** Debian's Chromium, without a window and without calls of its own. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--autoplay-policy=no-user-gesture-required',
      ...quiet,
    ],
  })

export interface Visitor {
  /** Kept in the browser as the name to talk under; asked for when not given. */
  name?: string
  theme?: 'light' | 'dark'
  size?: { width: number; height: number }
}

/** Another person's browser. A script that fails on the page fails the test. */
export async function visit(browser: Browser, url: string, visitor: Visitor = {}): Promise<Page> {
  const { name, theme = 'light', size = { width: 1280, height: 800 } } = visitor
  const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce' })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  page.on('pageerror', fault => {
    throw fault
  })
  if (name !== undefined) await page.addInitScript(kept => localStorage.setItem('rushes.name', kept), name)
  await page.goto(url)
  return page
}

/** Where the film stands, in seconds. */
export const secondsOf = (page: Page): Promise<number> =>
  page.locator('video').evaluate(film => (film as HTMLVideoElement).currentTime)

/** Waits until the film stands within a quarter of a second of `seconds`. */
export async function standsAt(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction(at => {
    const film = document.querySelector('video')
    return film !== null && !film.seeking && Math.abs(film.currentTime - at) < 0.25
  }, seconds)
}

/** Writes into the talk, and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: /^Your (message|question)/ })
  await field.fill(text)
  await field.press('Enter')
}
