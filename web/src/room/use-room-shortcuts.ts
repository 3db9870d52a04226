import type { RefObject } from 'react'
import { flushSync } from 'react-dom'
import type { Scene } from '../../../client-sdk/src/index.ts'
import { useShortcuts } from '../ui/use-shortcuts.ts'
import type { Desk } from './desk.ts'
import type { Playback } from './playback.ts'
import { nextScene, sceneBefore } from './scenes.ts'

interface RoomShortcuts {
  playback: Playback
  desk: Desk
  composer: RefObject<HTMLTextAreaElement | null>
  searchInput: RefObject<HTMLInputElement | null>
  /** Null when there is none: sound, or unknown. */
  frameRate: number | null
  scenes: Scene[]
  showSheet: () => void
}

/** In the order of the sheet. */
export const shortcutSheet: { keys: string[]; does: string }[] = [
  { keys: ['Space', 'K'], does: 'Play, pause' },
  { keys: ['J'], does: 'Back 10 seconds' },
  { keys: ['L'], does: 'Play; again: faster' },
  { keys: ['←', '→'], does: '5 seconds; with Shift: 1 second' },
  { keys: [',', '.'], does: 'One frame' },
  { keys: ['P', 'N'], does: 'Scene before, next scene' },
  { keys: ['C'], does: 'Comment at this second' },
  { keys: ['A'], does: 'Ask the film' },
  { keys: ['/'], does: 'Search what is said' },
  { keys: ['M'], does: 'Sound on, off' },
  { keys: ['F'], does: 'Full screen' },
  { keys: ['Esc'], does: 'Leave a field, put the lights out' },
  { keys: ['?'], does: 'This list' },
]

const fallbackFrameRate = 25

export function useRoomShortcuts({
  playback,
  desk,
  composer,
  searchInput,
  frameRate,
  scenes,
  showSheet,
}: RoomShortcuts): void {
  const frameSeconds = 1 / (frameRate || fallbackFrameRate)
  const step = (frames: number) => {
    playback.pause()
    playback.skip(frames * frameSeconds)
  }
  const skip = (direction: number) => (event: KeyboardEvent) => playback.skip(direction * (event.shiftKey ? 1 : 5))
  const toScene = (find: typeof nextScene) => {
    const seconds = find(scenes, playback.snapshot().seconds)
    if (seconds !== null) playback.seek(seconds)
  }
  const compose = (asking: boolean) => {
    flushSync(() => desk.write({ body: composer.current?.value ?? '', atSeconds: null, asking }))
  }
  useShortcuts({
    ' ': playback.toggle,
    k: () => {
      playback.setRate(1)
      playback.toggle()
    },
    j: () => playback.skip(-10),
    l: () => faster(playback),
    ArrowLeft: skip(-1),
    ArrowRight: skip(1),
    ',': () => step(-1),
    '.': () => step(1),
    p: () => toScene(sceneBefore),
    n: () => toScene(nextScene),
    c: () => compose(false),
    a: () => compose(true),
    '/': () => {
      // Drawn at once: a hidden field can't take the letters that follow.
      flushSync(() => desk.show('transcript'))
      searchInput.current?.focus()
    },
    m: () => toggleSound(playback),
    f: () => void toggleFullscreen(playback),
    '?': showSheet,
    Escape: () => {
      desk.light(null)
      desk.point(null)
    },
  })
}

const rates = [1, 1.5, 2, 4]

function faster(playback: Playback): void {
  const { playing, rate } = playback.snapshot()
  if (playing) playback.setRate(rates.find(each => each > rate) ?? 4)
  else playback.play()
}

function toggleSound(playback: Playback): void {
  const element = playback.element()
  if (element) element.muted = !element.muted
}

async function toggleFullscreen(playback: Playback): Promise<void> {
  const frame = playback.element()?.closest('media-controller')
  // Refused outside a gesture or by policy: the page stays as it is.
  if (document.fullscreenElement) await document.exitFullscreen().catch(() => {})
  else await frame?.requestFullscreen().catch(() => {})
}
