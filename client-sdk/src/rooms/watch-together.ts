import type { Playback, SocketRequestInput } from '../../../shared/index.ts'
import { RushesError } from '../rushes-error.ts'
import { createFollower } from './follower.ts'
import { createLeader, placeOf } from './leader.ts'
import type { Link } from './link.ts'
import type { Room, WatchedPlayer, WatchingChange } from './room.ts'
import type { ServerClock } from './server-clock.ts'

/** Leading and following with a player, kept up over broken connections. */
export interface WatchTogether extends Pick<Room, 'watching' | 'lead' | 'handLead' | 'follow'> {
  /** The room was joined, or joined again. */
  live(): void
  /** Who leads, or where they are, has changed. */
  changed(): void
  stop(): void
}

export interface WatchOptions {
  videoId: string
  link: Pick<Link, 'request' | 'tell'>
  clock: ServerClock
  /** As the room knows it, and learns it from answers. */
  playback: { get(): Playback; set(playback: Playback): void }
  memberId: () => string
  onChange: (change: WatchingChange) => void
  /** A clock of this machine that never jumps. */
  elapsedMs?: () => number
}

/** What this client does with a player. */
interface Role {
  as: 'leading' | 'following'
  /** Says it to the server, after every joining. */
  say(): void
  /** Looks, and corrects or tells. */
  tick(): void
  everyMs: number
  /** Lets the player be. */
  stop(): void
  /** Tells the server that it is over. */
  unsay(): void
}
type Reason = WatchingChange['reason']

const followEveryMs = 250
const leadEveryMs = 2_000

export function createWatchTogether(options: WatchOptions): WatchTogether {
  const { videoId, link, clock, playback, memberId, onChange, elapsedMs = () => performance.now() } = options
  const learn = (answer: { playback: Playback }) => playback.set(answer.playback)
  let role: Role | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  const end = (ended: Role, reason: Reason) => {
    if (role !== ended) return
    clearInterval(timer)
    role = null
    ended.stop()
    if (reason !== 'taken' && reason !== 'handed') ended.unsay()
    onChange({ as: null, reason })
  }
  const begin = (next: Role) => {
    if (role) end(role, 'asked')
    role = next
    timer = setInterval(next.tick, next.everyMs)
    onChange({ as: next.as, reason: 'asked' })
    return () => end(next, 'asked')
  }
  const say = async (payload: Omit<SocketRequestInput<'playback.lead'>, 'videoId' | 'clockMs'>) => {
    const clockMs = clock.isKnown ? { clockMs: clock.now() } : {}
    await link.request('playback.lead', { videoId, ...payload, ...clockMs }, learn)
  }
  const leadWith = (player: WatchedPlayer): Role => {
    const leader = createLeader({
      player,
      tell: place =>
        say(place).catch(fault => {
          // Anything else passes, and is told again soon.
          if (fault instanceof RushesError && fault.code === 'playback.taken') end(leading, 'taken')
        }),
    })
    const leading: Role = {
      ...{ as: 'leading', everyMs: leadEveryMs, say: leader.tell, tick: leader.tell, stop: leader.stop },
      unsay: () => link.tell('playback.release', { videoId }),
    }
    return leading
  }
  const followWith = (player: WatchedPlayer): Role => {
    const follower = createFollower({
      player,
      expected: () => (clock.isKnown && playback.get().leader ? placeAt(playback.get(), clock.now()) : null),
      onLetGo: reason => end(following, reason),
      elapsedMs,
    })
    const tell = (is: boolean) => () => link.tell('playback.follow', { videoId, following: is })
    const following: Role = {
      ...{ as: 'following', everyMs: followEveryMs, say: tell(true), unsay: tell(false) },
      ...{ tick: follower.correct, stop: follower.stop },
    }
    return following
  }

  return {
    get watching() {
      return role?.as ?? null
    },
    async lead(player) {
      await say(placeOf(player))
      const leading = leadWith(player)
      const stop = begin(leading)
      // It may have moved on meanwhile.
      leading.say()
      return stop
    },
    async handLead(to) {
      await link.request('playback.hand', { videoId, to }, learn)
      if (role?.as === 'leading') end(role, 'handed')
    },
    follow(player) {
      const following = followWith(player)
      const stop = begin(following)
      following.say()
      following.tick()
      return stop
    },
    live() {
      role?.say()
    },
    changed() {
      if (!role) return
      const { leader } = playback.get()
      if (role.as === 'following' || leader === null) return role.tick()
      if (leader.id !== memberId()) end(role, 'taken')
    },
    stop() {
      if (role) end(role, 'asked')
    },
  }
}

/** Where the film is at a moment of the server's clock. */
export function placeAt({ atSeconds, playing, rate, clockMs }: Playback, nowMs: number) {
  const sinceSeconds = Math.max(0, nowMs - clockMs) / 1000
  return { atSeconds: playing ? atSeconds + sinceSeconds * rate : atSeconds, playing, rate }
}
