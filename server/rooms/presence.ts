import { type Member, type MemberId, type Position, type VideoId, videoStream } from '../../shared/index.ts'
import type { SocketCaller } from '../platform/hub/index.ts'
import { inTurns } from './in-turns.ts'
import type { RoomsOptions } from './rooms.ts'
import { createRosterExchange } from './roster-exchange.ts'
import { createRosters, type Rosters, type SeatPlayhead } from './rosters.ts'
import { createTabs } from './tabs.ts'
import type { RoomTimes } from './times.ts'

/** Who is in which room, over all servers. Everyone here is told the differences. */
export interface Presence {
  enter(videoId: VideoId, caller: SocketCaller): void
  leave(videoId: VideoId, caller: SocketCaller): void
  follow(videoId: VideoId, caller: SocketCaller, following: boolean): void
  /** False when nothing moved. */
  move(videoId: VideoId, caller: SocketCaller, position: Position): boolean
  /** What another server told of someone who is connected there. */
  moveElsewhere: Rosters['move']
  member(videoId: VideoId, id: MemberId): Member | undefined
  members(videoId: VideoId): Member[]
  count(videoId: VideoId): number
  /** Someone is there, through any server. */
  hasAnyone(videoId: VideoId): boolean
  /** The last connection of a person has left that room. */
  onGone(listener: (videoId: VideoId, id: MemberId) => void): void
  stop(): void
}

export type PresenceOptions = Pick<RoomsOptions, 'notifyHere' | 'bus' | 'log' | 'metrics'> & {
  times: RoomTimes
  nowMs: () => number
}

export function createPresence({ notifyHere, bus, log, metrics, times, nowMs }: PresenceOptions): Presence {
  const { serverId } = bus
  const goneListeners = new Set<(videoId: VideoId, id: MemberId) => void>()
  const changed = new Map<VideoId, Set<MemberId>>()
  const rosters = createRosters((videoId, id) => {
    changed.set(videoId, (changed.get(videoId) ?? new Set()).add(id))
    notices.touch(videoId)
    if (!rosters.member(videoId, id)) for (const listener of goneListeners) listener(videoId, id)
  })
  // Each notice goes to everyone: a thousand of them are told once a second.
  const restMs = (videoId: VideoId) => Math.max(times.presenceEveryMs, rosters.count(videoId))
  // Whoever changed is told of as they are now, also when that is as before: someone may have joined in between.
  const notice = (videoId: VideoId) => {
    const ids = [...(changed.get(videoId) ?? [])]
    changed.delete(videoId)
    const joined = ids.flatMap(id => rosters.member(videoId, id) ?? [])
    const here = new Set(joined.map(member => member.id))
    const left = ids.filter(id => !here.has(id))
    notifyHere(videoStream(videoId), 'presence', { videoId, joined, left, count: rosters.count(videoId) })
  }
  const notices = inTurns({ everyMs: restMs, run: notice, log, what: 'telling who came and went' })
  const exchange = createRosterExchange({
    ...{ bus, log, rosters, times },
    onServers: count => metrics.roomServers.set(count),
  })
  const tabs = createTabs({ serverId, rosters, nowMs })
  const tell = (videoId: VideoId) => {
    exchange.changed(videoId)
    const { rooms, people } = tabs.counts()
    metrics.rooms.set(rooms)
    metrics.roomPeople.set(people)
  }
  const move = (videoId: VideoId, id: MemberId, playhead: SeatPlayhead) =>
    rosters.move(videoId, serverId, { id, playhead })

  return {
    enter(videoId, caller) {
      tabs.enter(videoId, caller)
      tell(videoId)
    },
    leave(videoId, caller) {
      if (tabs.leave(videoId, caller)) tell(videoId)
    },
    follow(videoId, caller, following) {
      tabs.follow(videoId, caller, following)
      tell(videoId)
    },
    move: (videoId, { memberId }, { atSeconds, playing, rate }) =>
      move(videoId, memberId, { atSeconds, playing, rate, toldMs: nowMs() }),
    moveElsewhere: rosters.move,
    member: rosters.member,
    members: rosters.members,
    count: rosters.count,
    hasAnyone: rosters.has,
    onGone: listener => void goneListeners.add(listener),
    stop() {
      exchange.stop()
      notices.stop()
    },
  }
}
