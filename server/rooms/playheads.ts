import { z } from 'zod'
import { MemberId, type Playhead, Position, VideoId, videoStream } from '../../shared/index.ts'
import type { SocketCaller } from '../platform/hub/index.ts'
import { inTurns } from './in-turns.ts'
import type { Presence } from './presence.ts'
import type { RoomsOptions } from './rooms.ts'
import type { RoomTimes } from './times.ts'

/** Where people are in the film: those that moved, a few times a second at most, the newest place of each person. */
export interface Playheads {
  set(videoId: VideoId, caller: SocketCaller, position: Position): void
  stop(): void
}

export type PlayheadsOptions = Pick<RoomsOptions, 'notifyHere' | 'bus' | 'log'> & {
  presence: Pick<Presence, 'move' | 'moveElsewhere' | 'member' | 'count'>
  times: RoomTimes
  nowMs: () => number
}

/** In one notice. Everyone's place told to everyone grows with the square of them: in a large room they take turns. */
const mostTold = 100

const Letter = z.object({
  videoId: VideoId,
  playheads: z.array(Position.extend({ memberId: MemberId, name: z.string() })),
})

interface Moved {
  playhead: Playhead
  /** The other servers have to hear of it from this one. */
  isOurs: boolean
}

export function createPlayheads({ notifyHere, bus, log, presence, times, nowMs }: PlayheadsOptions): Playheads {
  const rooms = new Map<VideoId, Map<MemberId, Moved>>()

  const restMs = (videoId: VideoId) => Math.max(times.playheadsEveryMs, presence.count(videoId))
  const tell = (videoId: VideoId) => {
    const all = [...(rooms.get(videoId) ?? [])].filter(([id]) => presence.member(videoId, id))
    const moved = all.slice(0, mostTold).map(([, each]) => each)
    const others = new Map(all.slice(mostTold))
    rooms.set(videoId, others)
    if (others.size > 0) turns.touch(videoId)
    else rooms.delete(videoId)
    if (moved.length === 0) return
    notifyHere(videoStream(videoId), 'playhead', { videoId, playheads: moved.map(each => each.playhead) })
    const ours = moved.filter(each => each.isOurs).map(each => each.playhead)
    if (ours.length > 0) bus.publish('playheads', { videoId, playheads: ours })
  }
  const turns = inTurns({ everyMs: restMs, run: tell, log, what: 'telling where people are' })
  const note = (videoId: VideoId, moved: Moved) => {
    const room = rooms.get(videoId) ?? new Map<MemberId, Moved>()
    rooms.set(videoId, room.set(moved.playhead.memberId, moved))
    turns.touch(videoId)
  }
  const unlisten = bus.on('playheads', Letter, ({ videoId, playheads }, from) => {
    for (const playhead of playheads) {
      const { memberId: id, atSeconds, playing, rate } = playhead
      const told = { id, playhead: { atSeconds, playing, rate, toldMs: nowMs() } }
      if (presence.moveElsewhere(videoId, from, told)) note(videoId, { playhead, isOurs: false })
    }
  })

  return {
    set(videoId, caller, { atSeconds, playing, rate }) {
      const { memberId, name } = caller
      if (!presence.move(videoId, caller, { atSeconds, playing, rate })) return
      note(videoId, { playhead: { memberId, name, atSeconds, playing, rate }, isOurs: true })
    },
    stop() {
      unlisten()
      turns.stop()
    },
  }
}
