import { useEffect } from 'react'
import type { Playback } from './playback.ts'

const everyMs = 1000

type Share = (playhead: { atSeconds: number; playing: boolean; rate: number }) => void

/**
 * Tells the room where I am: at every start, stop and jump, once a second while the film runs, and again whenever the
 * company changes, for who has just come.
 */
export function useSharedPlayhead(playback: Playback, share: Share, company: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: see `company` above
  useEffect(() => {
    let sentAt = 0
    let sent = { seconds: -1, playing: false }
    const tell = () => {
      const { seconds, playing, rate } = playback.snapshot()
      const now = performance.now()
      if (
        now - sentAt < (playing === sent.playing ? everyMs : 0) ||
        (seconds === sent.seconds && playing === sent.playing)
      )
        return
      sentAt = now
      sent = { seconds, playing }
      share({ atSeconds: seconds, playing, rate })
    }
    const stop = playback.subscribe(tell)
    // The last jump of a quick few would otherwise stay untold.
    const timer = setInterval(tell, everyMs)
    return () => {
      stop()
      clearInterval(timer)
    }
  }, [playback, share, company])
}
