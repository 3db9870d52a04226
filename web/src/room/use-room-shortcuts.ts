import type { RefObject } from 'react'
import { flushSync } from 'react-dom'
import type { Scene } from '../../../client-sdk/src/index.ts'
import { useToast } from '../ui/toasts.tsx'
import { useShortcuts } from '../ui/use-shortcuts.ts'
import { useDesk } from './desk.ts'
import { type Playback, usePlayback } from './playback.ts'
import { nextScene, sceneBefore } from './scenes.ts'
import { markedIn, markedOut } from './spans.ts'
import { useWatching } from './watching.tsx'

interface RoomShortcuts {
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
  { keys: ['I', 'O'], does: 'A part begins, ends here' },
  { keys: ['C'], does: 'Comment on this second, or the marked part' },
  { keys: ['A'], does: 'Ask the film' },
  { keys: ['W'], does: 'Follow who leads, let go' },
  { keys: ['/'], does: 'Search what is said' },
  { keys: ['M'], does: 'Sound on, off' },
  { keys: ['F'], does: 'Full screen' },
  { keys: ['↑', '↓'], does: 'In the talk: from message to message; ↑ in an empty field: change the last one' },
  { keys: ['R', 'E', 'Del'], does: 'On a message: reply, edit, delete' },
  { keys: ['@'], does: 'While writing: speak to someone' },
  { keys: ['Esc'], does: 'Leave a field, clear marks and lights' },
  { keys: ['?'], does: 'This list' },
]

const fallbackFrameRate = 25

export function useRoomShortcuts({ searchInput, frameRate, scenes, showSheet }: RoomShortcuts): void {
  const playback = usePlayback()
  const desk = useDesk()
  const follow = useFollowKey()
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
  const compose = (asking: boolean) => flushSync(() => desk.write({ asking }))
  const now = () => playback.snapshot().seconds
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
    i: () => desk.mark(markedIn(desk.span, now())),
    o: () => desk.mark(markedOut(desk.span, now())),
    w: follow,
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
      desk.mark(null)
    },
  })
}

function useFollowKey(): () => void {
  const { isFollowing, isLeading, leader, follow, letGo } = useWatching()
  const say = useToast()
  return () => {
    if (isFollowing) letGo()
    else if (leader && !isLeading) follow()
    else say(isLeading ? 'You lead: the others follow you.' : 'Nobody leads. Press “Lead” under the film.')
  }
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
