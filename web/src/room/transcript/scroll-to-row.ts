const smooth = (): ScrollBehavior => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth')

/** Where the row is to be: a third down the panel, or as near as the panel's ends let it. */
function topFor(scroller: HTMLElement, row: HTMLElement): number {
  const panel = scroller.getBoundingClientRect()
  const top = scroller.scrollTop + row.getBoundingClientRect().top - panel.top - panel.height * 0.35
  return Math.max(0, Math.min(top, scroller.scrollHeight - scroller.clientHeight))
}

const underWay = new WeakMap<HTMLElement, AbortController>()

/** Scrolls only the panel: `scrollIntoView` would move the page on a phone. */
export function scrollToRow(scroller: HTMLElement | null, row: HTMLElement | null): void {
  if (!scroller || !row) return
  underWay.get(scroller)?.abort()
  const settling = new AbortController()
  underWay.set(scroller, settling)
  // Whoever scrolls by hand is not pulled back.
  for (const name of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
    scroller.addEventListener(name, () => settling.abort(), { signal: settling.signal, passive: true })
  const top = topFor(scroller, row)
  const isFar = Math.abs(top - scroller.scrollTop) > 2 * scroller.clientHeight
  scroller.scrollTo({ top, behavior: isFar ? 'instant' : smooth() })
  settle(scroller, row, settling)
}

const settleMs = 2000
/** So many frames at one place are rest: a smooth scroll has ended, or an instant one has been drawn. */
const restFrames = 3

/** Rows out of sight have only a likely height, and the true one once they are near: measured again until it holds. */
function settle(scroller: HTMLElement, row: HTMLElement, settling: AbortController): void {
  const until = performance.now() + settleMs
  let before = scroller.scrollTop
  let still = 0
  const look = () => {
    if (settling.signal.aborted) return
    still = scroller.scrollTop === before ? still + 1 : 0
    before = scroller.scrollTop
    if (still >= restFrames) {
      const top = topFor(scroller, row)
      if (Math.abs(top - before) <= 1) return settling.abort()
      scroller.scrollTo({ top, behavior: 'instant' })
      still = 0
    }
    if (performance.now() < until) requestAnimationFrame(look)
    else settling.abort()
  }
  requestAnimationFrame(look)
}
