import { createContext, use, useSyncExternalStore } from 'react'

export interface PlaybackSnapshot {
  seconds: number
  /** 0 until it is known. */
  durationSeconds: number
  playing: boolean
  rate: number
}

/** The film's clock: one element, many listeners, told once a frame while it plays. */
export interface Playback {
  attach: (element: HTMLVideoElement) => () => void
  subscribe: (listener: () => void) => () => void
  snapshot: () => PlaybackSnapshot
  seek: (seconds: number) => void
  skip: (seconds: number) => void
  toggle: () => void
  play: () => void
  pause: () => void
  setRate: (rate: number) => void
  element: () => HTMLVideoElement | null
}

const mediaEvents = [
  'play',
  'pause',
  'seeking',
  'seeked',
  'ratechange',
  'durationchange',
  'timeupdate',
  'ended',
  'emptied',
]
const atRest: PlaybackSnapshot = { seconds: 0, durationSeconds: 0, playing: false, rate: 1 }

export function createPlayback({
  durationSeconds,
  startSeconds,
}: {
  durationSeconds: number
  startSeconds: number
}): Playback {
  const listeners = new Set<() => void>()
  let element: HTMLVideoElement | null = null
  let current: PlaybackSnapshot = { ...atRest, durationSeconds, seconds: startSeconds }
  /** Asked for before the film could be sought. */
  let wanted: number | null = startSeconds > 0 ? startSeconds : null
  let frame = 0

  const tell = () => {
    for (const listener of listeners) listener()
  }
  const read = () => {
    if (!element) return
    const length = Number.isFinite(element.duration) ? element.duration : current.durationSeconds
    const seconds = wanted ?? element.currentTime
    current = {
      seconds,
      durationSeconds: length,
      playing: !element.paused && !element.ended,
      rate: element.playbackRate,
    }
    tell()
  }
  const tick = () => {
    read()
    frame = current.playing ? requestAnimationFrame(tick) : 0
  }
  const onMedia = () => {
    if (frame === 0) tick()
  }
  const seek = (seconds: number) => {
    const target = Math.min(Math.max(0, seconds), current.durationSeconds || seconds)
    if (element && element.readyState > 0) element.currentTime = target
    else wanted = target
    current = { ...current, seconds: target }
    tell()
  }
  const onMetadata = () => {
    const target = wanted
    wanted = null
    if (target !== null) seek(target)
    onMedia()
  }
  // Both are read at once: their events come later, and a key pressed before them would find the old state.
  const play = () => {
    // A play() that a pause() overtakes is refused; nothing is lost by that.
    element?.play().catch(() => {})
    onMedia()
  }
  const pause = () => {
    element?.pause()
    onMedia()
  }

  return {
    attach: video => {
      element = video
      tell()
      const controller = new AbortController()
      for (const name of mediaEvents) video.addEventListener(name, onMedia, { signal: controller.signal })
      video.addEventListener('loadedmetadata', onMetadata, { signal: controller.signal })
      if (video.readyState > 0) onMetadata()
      return () => {
        controller.abort()
        cancelAnimationFrame(frame)
        frame = 0
        element = null
        tell()
      }
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    snapshot: () => current,
    seek,
    skip: seconds => seek(current.seconds + seconds),
    play,
    pause,
    toggle: () => (current.playing ? pause() : play()),
    setRate: rate => {
      if (!element) return
      element.playbackRate = rate
      onMedia()
    },
    element: () => element,
  }
}

export const PlaybackContext = createContext<Playback | null>(null)

export function usePlayback(): Playback {
  const playback = use(PlaybackContext)
  if (!playback) throw new Error('No playback above this component')
  return playback
}

/** A value read off the clock; the component is drawn again only when it changes. Select plain values. */
export function usePlaybackValue<T extends string | number | boolean | null>(select: (now: PlaybackSnapshot) => T): T {
  const playback = usePlayback()
  return useSyncExternalStore(playback.subscribe, () => select(playback.snapshot()))
}

/** The film's element; null while there is none. */
export function usePlayerElement(): HTMLVideoElement | null {
  const playback = usePlayback()
  return useSyncExternalStore(playback.subscribe, playback.element)
}
