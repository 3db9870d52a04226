import type { Position } from '../../../shared/index.ts'
import { listenTo } from './player-events.ts'
import type { WatchedPlayer } from './room.ts'

/** Tells where a player is whenever that can't be foreseen. */
export interface Leader {
  /** Tells now; once more afterwards when it is asked for while it is being told. */
  tell(): void
  stop(): void
}

export interface LeaderOptions {
  player: WatchedPlayer
  tell: (place: Position) => Promise<void>
}

/** A player that waits for bytes stands still, and so do those who follow. */
export function placeOf({ currentTime, playbackRate, paused, seeking }: WatchedPlayer, isWaiting = false): Position {
  return { atSeconds: currentTime, playing: !paused && !seeking && !isWaiting, rate: playbackRate }
}

export function createLeader({ player, tell }: LeaderOptions): Leader {
  let isTelling = false
  let again = false
  let isWaiting = false
  let isOver = false

  const tellOnce = async () => {
    if (isOver) return
    again = isTelling
    if (isTelling) return
    isTelling = true
    await tell(placeOf(player, isWaiting))
    isTelling = false
    if (again) void tellOnce()
  }
  const now = () => void tellOnce()
  const waits = (is: boolean) => () => {
    isWaiting = is
    now()
  }
  const unlisten = listenTo(player, {
    ...{ play: now, pause: now, seeked: now, ratechange: now },
    ...{ waiting: waits(true), playing: waits(false) },
  })
  return {
    tell: now,
    stop() {
      isOver = true
      unlisten()
    },
  }
}
