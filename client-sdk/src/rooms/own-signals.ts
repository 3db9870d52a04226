import type { Link } from './link.ts'
import type { Room, RoomPlayhead } from './room.ts'
import { createTypingSignal } from './typing-signal.ts'

/** What is told of this person, and is not kept. */
export interface OwnSignals extends Pick<Room, 'typing' | 'playhead'> {
  /** Joined again, as a new connection: where one stands is told again. */
  again(): void
  stop(): void
}

export function createOwnSignals(videoId: string, link: Pick<Link, 'tell'>): OwnSignals {
  const typing = createTypingSignal(is => link.tell('typing.set', { videoId, typing: is }))
  let last: RoomPlayhead | null = null
  const playhead = (next: RoomPlayhead) => {
    const { atSeconds, playing, rate = 1 } = next
    last = next
    link.tell('playhead.set', { videoId, atSeconds, playing, rate })
  }
  return {
    typing: (is = true) => typing.set(is),
    playhead,
    again() {
      // Of a running film the next place comes soon, and this one is old.
      if (last && !last.playing) playhead(last)
    },
    stop: typing.stop,
  }
}
