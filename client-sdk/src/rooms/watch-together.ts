import type { Playback, Position } from '../../../shared/index.ts'
import { RushesError } from '../rushes-error.ts'
import { placeOf } from './leader.ts'
import type { Link } from './link.ts'
import type { Room, WatchedPlayer, WatchingChange } from './room.ts'
import type { ServerClock } from './server-clock.ts'
import { followingRole, leadingRole, type Role } from './watch-roles.ts'

/** Leading and following with a player, kept up over broken connections. */
export interface WatchTogether extends Pick<Room, 'watching' | 'lead' | 'handLead' | 'follow'> {
  /** The room was joined, or joined again. */
  live(): void
  /** Who leads, or where they are, has changed. */
  changed(): void
  /** The room was left. */
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

export function createWatchTogether(options: WatchOptions): WatchTogether {
  const { videoId, link, clock, playback, memberId, onChange, elapsedMs = () => performance.now() } = options
  const learn = (answer: { playback: Playback }) => playback.set(answer.playback)
  let role: Role | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  let isOver = false

  const lay = (next: Role | null) => {
    clearInterval(timer)
    role?.stop()
    role = next
    if (next) timer = setInterval(next.tick, next.everyMs)
  }
  const end = (ended: Role, reason: WatchingChange['reason']) => {
    if (role !== ended) return
    lay(null)
    if (reason !== 'taken' && reason !== 'handed') ended.unsay()
    onChange({ as: null, reason })
  }
  const begin = (next: Role) => {
    if (isOver) {
      next.stop()
      return () => {}
    }
    // With another player it is the same to the server.
    if (role && role.as !== next.as) role.unsay()
    lay(next)
    next.say()
    onChange({ as: next.as, reason: 'asked' })
    return () => end(next, 'asked')
  }

  const sayPlace = async (place: Position) => {
    const clockMs = clock.isKnown ? { clockMs: clock.now() } : {}
    await link.request('playback.lead', { videoId, ...place, ...clockMs }, learn)
  }
  const leadWith = (player: WatchedPlayer): Role => {
    const leading = leadingRole(player, {
      say: place =>
        sayPlace(place).catch(fault => {
          // Anything else passes, and is told again soon.
          if (fault instanceof RushesError && fault.code === 'playback.taken') end(leading, 'taken')
        }),
      unsay: () => link.tell('playback.release', { videoId }),
    })
    return leading
  }
  const followWith = (player: WatchedPlayer): Role => {
    const say = (following: boolean) => link.tell('playback.follow', { videoId, following })
    const onLetGo = (reason: WatchingChange['reason']) => end(following, reason)
    const following = followingRole(player, { clock, playback: playback.get, say, onLetGo, elapsedMs })
    return following
  }

  return {
    get watching() {
      return role?.as ?? null
    },
    async lead(player) {
      await sayPlace(placeOf(player))
      // It may have moved on meanwhile: beginning says where it is.
      return begin(leadWith(player))
    },
    async handLead(to) {
      await link.request('playback.hand', { videoId, to }, learn)
      if (role?.as === 'leading') end(role, 'handed')
    },
    follow(player) {
      const following = followWith(player)
      const stop = begin(following)
      following.tick()
      return stop
    },
    live() {
      role?.say()
    },
    changed() {
      if (!role) return
      const { leader } = playback.get()
      if (role.as === 'leading' && leader && leader.id !== memberId()) end(role, 'taken')
      else role.tick()
    },
    stop() {
      isOver = true
      if (role) end(role, 'asked')
    },
  }
}
