import { z } from 'zod'
import { type Member, MemberId, Position, type VideoId } from '../../shared/index.ts'

const SeatPlayhead = Position.extend({ toldMs: z.number() })
export type SeatPlayhead = z.infer<typeof SeatPlayhead>

/** What one server knows of one person in one room, through all connections that it holds of them. */
export const Seat = z.object({
  id: MemberId,
  name: z.string(),
  connections: z.number().int(),
  following: z.boolean(),
  /** When the newest of the connections came, by its server's clock. */
  sinceMs: z.number(),
  playhead: SeatPlayhead.nullable(),
})
export type Seat = z.infer<typeof Seat>

/** Who is in which room, by the server that holds their connections. Rooms without anyone are forgotten. */
export interface Rosters {
  /** A person came, or changed. */
  put(videoId: VideoId, serverId: string, seat: Seat): void
  remove(videoId: VideoId, serverId: string, id: MemberId): void
  /** The whole roster that a server has of a room. */
  replace(videoId: VideoId, serverId: string, seats: readonly Seat[]): void
  /** False when nothing moved. */
  move(videoId: VideoId, serverId: string, told: { id: MemberId; playhead: SeatPlayhead }): boolean
  /** Everyone who is connected there. */
  drop(serverId: string): void
  seat(videoId: VideoId, serverId: string, id: MemberId): Seat | undefined
  seats(videoId: VideoId, serverId: string): Seat[]
  /** Rooms that someone is in, through any server. */
  has(videoId: VideoId): boolean
  member(videoId: VideoId, id: MemberId): Member | undefined
  members(videoId: VideoId): Member[]
  count(videoId: VideoId): number
}

interface Room {
  seats: Map<string, Map<MemberId, Seat>>
  /** What the seats of a person come to, until one of them changes: a room of a thousand is told to everyone who joins. */
  members: Map<MemberId, Member>
}

/** `onChanged` is called for everyone who came, changed or left; a moved playhead is no such change. */
export function createRosters(onChanged: (videoId: VideoId, id: MemberId) => void): Rosters {
  const rooms = new Map<VideoId, Room>()

  const seatsOf = (videoId: VideoId, id: MemberId) =>
    [...(rooms.get(videoId)?.seats.values() ?? [])].flatMap(seats => seats.get(id) ?? [])
  const ids = (videoId: VideoId) =>
    new Set([...(rooms.get(videoId)?.seats.values() ?? [])].flatMap(seats => [...seats.keys()]))
  const member: Rosters['member'] = (videoId, id) => {
    const known = rooms.get(videoId)?.members
    const found = known?.get(id) ?? memberOf(seatsOf(videoId, id))
    if (found) known?.set(id, found)
    return found
  }

  const put: Rosters['put'] = (videoId, serverId, seat) => {
    const room: Room = rooms.get(videoId) ?? { seats: new Map(), members: new Map() }
    const seats = room.seats.get(serverId) ?? new Map<MemberId, Seat>()
    const before = seats.get(seat.id)
    rooms.set(videoId, room)
    room.seats.set(serverId, seats.set(seat.id, seat))
    room.members.delete(seat.id)
    if (!before || isChanged(before, seat)) onChanged(videoId, seat.id)
  }
  const remove: Rosters['remove'] = (videoId, serverId, id) => {
    const room = rooms.get(videoId)
    const seats = room?.seats.get(serverId)
    if (!room || !seats?.delete(id)) return
    room.members.delete(id)
    if (seats.size === 0) room.seats.delete(serverId)
    if (room.seats.size === 0) rooms.delete(videoId)
    onChanged(videoId, id)
  }
  const replace: Rosters['replace'] = (videoId, serverId, seats) => {
    const stay = new Set(seats.map(seat => seat.id))
    for (const seat of seats) put(videoId, serverId, seat)
    for (const id of [...(rooms.get(videoId)?.seats.get(serverId)?.keys() ?? [])])
      if (!stay.has(id)) remove(videoId, serverId, id)
  }

  return {
    put,
    remove,
    replace,
    move(videoId, serverId, { id, playhead }) {
      const room = rooms.get(videoId)
      const seat = room?.seats.get(serverId)?.get(id)
      const before = seat?.playhead
      if (!seat) return false
      seat.playhead = playhead
      room?.members.delete(id)
      return !before || !isSamePlace(before, playhead)
    },
    drop(serverId) {
      for (const videoId of [...rooms.keys()]) replace(videoId, serverId, [])
    },
    seat: (videoId, serverId, id) => rooms.get(videoId)?.seats.get(serverId)?.get(id),
    seats: (videoId, serverId) => [...(rooms.get(videoId)?.seats.get(serverId)?.values() ?? [])],
    has: videoId => rooms.has(videoId),
    member,
    members(videoId) {
      const [only, ...more] = rooms.get(videoId)?.seats.values() ?? []
      // The usual case, and 1,000 people may join within a second.
      if (only && more.length === 0) return [...only.values()].map(asMember)
      return [...ids(videoId)].flatMap(id => member(videoId, id) ?? [])
    },
    count(videoId) {
      const [only, ...more] = rooms.get(videoId)?.seats.values() ?? []
      return more.length === 0 ? (only?.size ?? 0) : ids(videoId).size
    },
  }
}

const isChanged = (before: Seat, after: Seat): boolean =>
  before.name !== after.name || before.connections !== after.connections || before.following !== after.following

const isSamePlace = (a: Position, b: Position): boolean =>
  a.atSeconds === b.atSeconds && a.playing === b.playing && a.rate === b.rate

/** One person out of what all servers know of them: as they last came, where they last were. */
function memberOf(seats: readonly Seat[]): Member | undefined {
  const [first, ...others] = seats
  if (!first || others.length === 0) return first && asMember(first)
  const newest = others.reduce((best, seat) => (seat.sinceMs > best.sinceMs ? seat : best), first)
  const last = seats.reduce<SeatPlayhead | null>(
    (best, { playhead }) => (playhead && (!best || playhead.toldMs > best.toldMs) ? playhead : best),
    null,
  )
  const connections = seats.reduce((sum, seat) => sum + seat.connections, 0)
  return asMember({ ...newest, connections, playhead: last, following: seats.some(seat => seat.following) })
}

function asMember({ id, name, connections, playhead, following }: Seat): Member {
  const place = playhead && { atSeconds: playhead.atSeconds, playing: playhead.playing, rate: playhead.rate }
  return { id, name, connections, playhead: place, following }
}
