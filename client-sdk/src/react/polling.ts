import { useEffect } from 'react'
import { useRushes } from './provider.tsx'

/** What comes together is asked for once. */
const newsGapMs = 150

/** Calls soon after something came, was ready, was renamed or went, whoever did it. */
export function useLibraryNews(call: () => Promise<void>): void {
  const { library } = useRushes()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void call()
      }, newsGapMs)
    }
    const offs = [library.on('event', soon), library.on('snapshot', soon)]
    return () => {
      clearTimeout(timer)
      for (const off of offs) off()
    }
  }, [library, call])
}

/** Calls at once, again and again while the page is seen, and at once when it is seen again. */
export function usePolling(call: () => Promise<void>, gapMs: () => number): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let stopped = false
    const isSeen = () => document.visibilityState === 'visible'
    const callAndGoOn = async () => {
      clearTimeout(timer)
      await call()
      if (!stopped && isSeen()) timer = setTimeout(callAndGoOn, gapMs())
    }
    const whenSeen = () => (isSeen() ? void callAndGoOn() : clearTimeout(timer))
    void callAndGoOn()
    document.addEventListener('visibilitychange', whenSeen)
    return () => {
      stopped = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', whenSeen)
    }
  }, [call, gapMs])
}
