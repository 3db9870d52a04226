import { z } from 'zod'
import { type Playback, type Position, VideoId, videoStream } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import { hearFaults } from '../platform/hear-faults.ts'
import type { SocketCaller } from '../platform/hub/index.ts'
import { inTurns } from './in-turns.ts'
import { atRest, isNewer, LeadState, withLeader, withPlace } from './lead-state.ts'
import type { Presence } from './presence.ts'
import type { RoomsOptions } from './rooms.ts'
import { createServerClocks } from './server-clocks.ts'
import type { RoomTimes } from './times.ts'

/** Watching together: one leads, on all servers the same one, and their place is told to whoever follows. */
export interface Watching {
  playback(videoId: VideoId): Playback
  /** Throws `playback.taken`. */
  lead(videoId: VideoId, caller: SocketCaller, place: Position & { clockMs?: number | undefined }): Playback
  /** Throws `playback.not_leading`, `request.invalid`. */
  hand(videoId: VideoId, caller: SocketCaller, to: string): Playback
  /** Throws `playback.not_leading`. */
  release(videoId: VideoId, caller: SocketCaller): Playback
  /** A connection has left. */
  leave(videoId: VideoId, caller: SocketCaller): void
  stop(): void
}

export type WatchingOptions = Pick<RoomsOptions, 'notifyHere' | 'bus' | 'log' | 'metrics'> & {
  presence: Pick<Presence, 'member' | 'hasAnyone' | 'onGone'>
  times: RoomTimes
  nowMs: () => number
}

/** A place told with a clock that is further off than this is taken to be of now. */
const mostClockMs = 5_000

export function createWatching(options: WatchingOptions): Watching {
  const { bus, presence, times, nowMs } = options
  const { serverId } = bus
  const rooms = createLedRooms(options)
  /** Connections that lead. */
  const leading = new Map<VideoId, string>()
  const idle = createIdleLeads(times.leadIdleMs)

  const passed = (videoId: VideoId, leader: Playback['leader']) =>
    withLeader(rooms.get(videoId), leader, { serverId, nowMs: nowMs() })
  const pass = (videoId: VideoId, leader: Playback['leader']) => {
    leading.delete(videoId)
    return rooms.change(videoId, passed(videoId, leader))
  }
  const mustLead = (videoId: VideoId, { memberId }: SocketCaller) => {
    const { leader } = rooms.get(videoId).playback
    if (leader?.id !== memberId)
      throw new AppError('playback.not_leading', 'You do not lead here.', { details: { leader } })
  }
  presence.onGone((videoId, id) => {
    if (rooms.get(videoId).playback.leader?.id === id) pass(videoId, null)
  })
  const isIdle = (videoId: VideoId, lead: LeadState): boolean => {
    const { leader } = lead.playback
    return leader !== null && idle.isOver(videoId, lead, presence.member(videoId, leader.id) !== undefined)
  }
  const tick = () => {
    for (const [videoId, lead] of rooms.all()) {
      if (!presence.hasAnyone(videoId)) rooms.forget(videoId)
      else if (isIdle(videoId, lead)) pass(videoId, null)
    }
    rooms.tellAll()
  }
  const timer = setInterval(hearFaults(options.log, 'looking after who leads', tick), times.beatEveryMs)
  timer.unref()

  return {
    playback: videoId => rooms.get(videoId).playback,
    lead(videoId, { memberId: id, name, connectionId }, { atSeconds, playing, rate, clockMs = nowMs() }) {
      const { leader } = rooms.get(videoId).playback
      if (leader && leader.id !== id)
        throw new AppError('playback.taken', `${leader.name} leads.`, { details: { leader } })
      const lead = leader ? rooms.get(videoId) : passed(videoId, { id, name })
      leading.set(videoId, connectionId)
      idle.end(videoId)
      const isNear = Math.abs(clockMs - nowMs()) <= mostClockMs
      const place = { atSeconds, playing, rate, clockMs: isNear ? clockMs : nowMs() }
      return rooms.change(videoId, withPlace(lead, place, serverId))
    },
    hand(videoId, caller, to) {
      mustLead(videoId, caller)
      const next = presence.member(videoId, to)
      if (!next) throw new AppError('request.invalid', 'The lead can be handed to someone who is here.')
      const playback = pass(videoId, { id: next.id, name: next.name })
      idle.begin(videoId, rooms.get(videoId))
      return playback
    },
    release(videoId, caller) {
      const { leader, ...rest } = rooms.get(videoId).playback
      if (leader === null) return { leader, ...rest }
      mustLead(videoId, caller)
      return pass(videoId, null)
    },
    leave(videoId, { connectionId, memberId }) {
      if (leading.get(videoId) !== connectionId) return
      leading.delete(videoId)
      // Another tab of theirs may go on.
      const lead = rooms.get(videoId)
      if (lead.playback.leader?.id === memberId) idle.begin(videoId, lead)
    },
    stop() {
      clearInterval(timer)
      rooms.stop()
    },
  }
}

/** Leads that nobody exercises: handed on, or of a tab that closed, or of someone who is not here. */
function createIdleLeads(leadIdleMs: number) {
  const since = new Map<VideoId, { lead: LeadState; sinceMs: number }>()
  const begin = (videoId: VideoId, lead: LeadState) => since.set(videoId, { lead, sinceMs: performance.now() })
  const end = (videoId: VideoId) => since.delete(videoId)
  return {
    begin,
    end,
    isOver(videoId: VideoId, lead: LeadState, isHere: boolean): boolean {
      const known = since.get(videoId)
      if (known && (known.lead.term !== lead.term || known.lead.count !== lead.count)) end(videoId)
      if (!isHere && !since.has(videoId)) begin(videoId, lead)
      const { sinceMs = Number.POSITIVE_INFINITY } = since.get(videoId) ?? {}
      const isOver = performance.now() - sinceMs >= leadIdleMs
      if (isOver) end(videoId)
      return isOver
    },
  }
}

const Letter = z.object({ nowMs: z.number(), rooms: z.array(z.tuple([VideoId, LeadState])) })
type Letter = z.infer<typeof Letter>

/** The state of each room that was ever led: told here and to the other servers, and again with every beat. */
function createLedRooms({ notifyHere, bus, log, presence, times, nowMs, metrics }: WatchingOptions) {
  const rooms = new Map<VideoId, LeadState>()
  const changedHere = new Set<VideoId>()
  const clocks = createServerClocks(nowMs)
  const publish = (letter: Letter['rooms']) => bus.publish('playback', { nowMs: nowMs(), rooms: letter })
  const turns = inTurns<VideoId>({
    everyMs: () => times.playbackEveryMs,
    run(videoId) {
      const lead = rooms.get(videoId)
      if (!lead) return
      notifyHere(videoStream(videoId), 'playback', { videoId, playback: lead.playback })
      if (changedHere.delete(videoId)) publish([[videoId, lead]])
    },
    ...{ log, what: 'telling who leads' },
  })
  const set = (videoId: VideoId, lead: LeadState) => {
    rooms.set(videoId, lead)
    turns.touch(videoId)
  }
  const unlisten = bus.on('playback', Letter, (letter, from) => {
    const difference = clocks.heard(from, letter.nowMs)
    for (const [videoId, lead] of letter.rooms) {
      const known = rooms.get(videoId)
      if (known && !isNewer(lead, known)) continue
      const { playback } = lead
      set(videoId, { ...lead, playback: { ...playback, clockMs: playback.clockMs + difference } })
    }
  })

  return {
    get: (videoId: VideoId): LeadState => rooms.get(videoId) ?? atRest(nowMs()),
    all: () => [...rooms],
    forget: (videoId: VideoId) => void rooms.delete(videoId),
    /** By someone who is connected here. */
    change(videoId: VideoId, lead: LeadState): Playback {
      changedHere.add(videoId)
      set(videoId, lead)
      return lead.playback
    },
    /** The bus may have lost it, and a server that has just started knows nothing. */
    tellAll() {
      metrics.roomsLed.set([...rooms.values()].filter(each => each.playback.leader).length)
      const here = [...rooms].filter(([videoId]) => presence.hasAnyone(videoId))
      if (bus.isShared && here.length > 0) publish(here)
    },
    stop() {
      unlisten()
      turns.stop()
    },
  }
}
