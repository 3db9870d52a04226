import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { usePlayback } from '../playback.ts'
import { scrollToRow } from './scroll-to-row.ts'

/** Keeps the spoken segment in view until the reader scrolls away, and offers the way back. */
export function useFollow(
  scroller: RefObject<HTMLDivElement | null>,
  spoken: number,
): { away: boolean; resume: () => void } {
  const playback = usePlayback()
  const [away, setAway] = useState(false)
  const toSpoken = useCallback(() => {
    scrollToRow(scroller.current, scroller.current?.querySelector<HTMLElement>('[data-spoken=true]') ?? null)
  }, [scroller])

  // A wheel, a finger or a scroll key is the reader; `scroll` alone may be us.
  useEffect(() => {
    const panel = scroller.current
    if (!panel) return
    const controller = new AbortController()
    const leave = () => playback.snapshot().playing && setAway(true)
    for (const name of ['wheel', 'touchmove'])
      panel.addEventListener(name, leave, { signal: controller.signal, passive: true })
    return () => controller.abort()
  }, [scroller, playback])

  const first = useRef(true)
  useEffect(() => {
    if (spoken < 0 || away) return
    if (first.current || playback.snapshot().playing || !isSeen(scroller.current)) toSpoken()
    first.current = false
  }, [spoken, away, toSpoken, playback, scroller])

  const resume = useCallback(() => {
    setAway(false)
    toSpoken()
  }, [toSpoken])
  return { away, resume }
}

function isSeen(scroller: HTMLElement | null): boolean {
  const row = scroller?.querySelector('[data-spoken=true]')?.getBoundingClientRect()
  const panel = scroller?.getBoundingClientRect()
  return !row || !panel || (row.top >= panel.top && row.bottom <= panel.bottom)
}
