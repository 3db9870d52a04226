import type Hls from 'hls.js'
import { type RefObject, useEffect, useState } from 'react'

/** A size of the ladder that plays, as the quality menu shows it. */
export interface Quality {
  level: number
  label: string
}

export interface Adaptive {
  qualities: Quality[]
  /** −1: the player chooses. */
  chosen: number
  choose: (level: number) => void
}

interface HlsOptions {
  element: RefObject<HTMLVideoElement | null>
  /** The master playlist; null: nothing is done. */
  url: string | null
  /** It can't be played, or not any more. */
  onFault: () => void
}

/** Plays a ladder by hls.js, which is loaded for it alone, or by the browser itself where that can't run. */
export function useHls({ element, url, onFault }: HlsOptions): Adaptive {
  const [hls, setHls] = useState<Hls | null>(null)
  const [qualities, setQualities] = useState<Quality[]>([])
  const [chosen, setChosen] = useState(-1)

  useEffect(() => {
    const video = element.current
    if (url === null || video === null) return
    const controller = new AbortController()
    attach({ video, url, onFault, onQualities: setQualities, signal: controller.signal }).then(setHls, onFault)
    return () => {
      controller.abort()
      setHls(null)
      setQualities([])
    }
  }, [element, url, onFault])

  const choose = (level: number) => {
    if (hls) hls.nextLevel = level
    setChosen(level)
  }
  return { qualities, chosen, choose }
}

interface Attaching {
  video: HTMLVideoElement
  url: string
  onFault: () => void
  onQualities: (qualities: Quality[]) => void
  signal: AbortSignal
}

async function attach({ video, url, onFault, onQualities, signal }: Attaching): Promise<Hls | null> {
  const { default: Player } = await import('hls.js')
  if (signal.aborted) return null
  if (!Player.isSupported()) {
    if (video.canPlayType('application/vnd.apple.mpegurl') === '') throw new Error('No HLS in this browser')
    video.src = url
    return null
  }
  // The captions are the page's own track: those of the ladder would be there twice.
  const hls = new Player({ enableWorker: false, enableWebVTT: false, renderTextTracksNatively: false })
  signal.addEventListener('abort', () => hls.destroy(), { once: true })
  hls.on(Player.Events.ERROR, (_event, { fatal }) => fatal && onFault())
  hls.on(Player.Events.MANIFEST_PARSED, (_event, { levels }) => onQualities(qualitiesOf(levels)))
  hls.loadSource(url)
  hls.attachMedia(video)
  return hls
}

/** Best first. Two of the same height are told apart by what they take. */
function qualitiesOf(levels: readonly { width: number; height: number; bitrate: number }[]): Quality[] {
  const named = levels.map(({ width, height, bitrate }, level) => ({ level, bitrate, lines: Math.min(width, height) }))
  return named
    .toSorted((a, b) => b.bitrate - a.bitrate)
    .map(({ level, bitrate, lines }) => {
      const alone = named.filter(each => each.lines === lines).length === 1
      return { level, label: alone ? `${lines}p` : `${lines}p, ${(bitrate / 1e6).toFixed(1)} Mbit/s` }
    })
}
