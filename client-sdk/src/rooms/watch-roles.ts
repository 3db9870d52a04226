import type { Playback, Position } from '../../../shared/index.ts'
import { createFollower } from './follower.ts'
import { createLeader } from './leader.ts'
import type { WatchedPlayer, WatchingChange } from './room.ts'
import type { ServerClock } from './server-clock.ts'

/** What a client does with a player when people watch together. */
export interface Role {
  as: 'leading' | 'following'
  /** Looks every so often, and corrects or tells. */
  tick(): void
  everyMs: number
  /** Says it to the server, after every joining. */
  say(): void
  /** Tells the server that it is over. */
  unsay(): void
  /** Lets the player be. */
  stop(): void
}

const followEveryMs = 250
const leadEveryMs = 2_000

/** `say` never rejects. */
export function leadingRole(
  player: WatchedPlayer,
  server: { say: (place: Position) => Promise<void>; unsay: () => void },
): Role {
  const { tell, stop } = createLeader({ player, tell: server.say })
  return { as: 'leading', everyMs: leadEveryMs, tick: tell, say: tell, unsay: server.unsay, stop }
}

export interface Following {
  clock: Pick<ServerClock, 'isKnown' | 'now'>
  playback: () => Playback
  say: (following: boolean) => void
  onLetGo: (reason: WatchingChange['reason']) => void
  elapsedMs: () => number
}

export function followingRole(player: WatchedPlayer, options: Following): Role {
  const { clock, playback, say, onLetGo, elapsedMs } = options
  // Asked first, so that the clocks are compared before someone leads.
  const expected = () => (clock.isKnown && playback().leader ? placeAt(playback(), clock.now()) : null)
  const { correct, stop } = createFollower({ player, expected, onLetGo, elapsedMs })
  return {
    ...{ as: 'following', everyMs: followEveryMs, tick: correct, stop },
    say: () => say(true),
    unsay: () => say(false),
  }
}

/** Where the film is at a moment of the server's clock. */
function placeAt({ atSeconds, playing, rate, clockMs }: Playback, nowMs: number) {
  const sinceSeconds = Math.max(0, nowMs - clockMs) / 1000
  return { atSeconds: playing ? atSeconds + sinceSeconds * rate : atSeconds, playing, rate }
}
