import type { RoomEvent, RoomEventsFrame, VideoId } from '../../../shared/index.ts'

type Listener = (frame: RoomEventsFrame) => void
/** Rooms whose position is remembered. A forgotten one starts anew at the next frame; clients heal what they miss. */
const rememberedRooms = 10_000
const healLimit = 1_000
/** Frames that came before their turn and are kept for a room: more than these are read from the log. */
const mostEarly = 256

interface Room {
  /** The last event that was handed out; undefined before the first. */
  seq: number | undefined
  early: RoomEventsFrame[]
  /** Runs while a missing frame may still come by itself. */
  patience: NodeJS.Timeout | undefined
  healing: Promise<void> | undefined
}

export interface FanOutOptions {
  since: (videoId: VideoId, seq: number, limit: number) => Promise<RoomEvent[]>
  /** How long a frame that another server committed may be on its way, before the log is read instead. */
  patienceMs: number
  onFault: (videoId: VideoId, fault: unknown) => void
}

/**
 * Hands committed frames to the room in `seq` order, each event once. Two transactions may be seen to commit in the
 * wrong order, and other servers write to the same log: a frame that doesn't follow the last one waits a moment for
 * what lies between, which is then read from the log, where it must be by now (the lower number was committed first).
 */
export function createFanOut({ since, patienceMs, onFault }: FanOutOptions) {
  const listeners = new Set<Listener>()
  const rooms = new Map<VideoId, Room>()

  const roomOf = (videoId: VideoId): Room => {
    const room = rooms.get(videoId) ?? { seq: undefined, early: [], patience: undefined, healing: undefined }
    // Last in the map: the one longest unused is forgotten first.
    rooms.delete(videoId)
    rooms.set(videoId, room)
    if (rooms.size > rememberedRooms) forgetOldest(rooms)
    return room
  }
  const hand = (room: Room, { videoId, events }: RoomEventsFrame) => {
    const { seq } = room
    const fresh = seq === undefined || (events[0]?.seq ?? 0) > seq ? events : events.filter(event => event.seq > seq)
    const last = fresh.at(-1)
    if (!last) return
    room.seq = last.seq
    for (const listener of listeners) listener({ videoId, events: fresh })
  }
  const isNext = ({ seq }: Room, frame: RoomEventsFrame) => seq === undefined || firstOf(frame) <= seq + 1
  const release = (videoId: VideoId, room: Room) => {
    for (let next = room.early[0]; next && isNext(room, next); next = room.early[0]) {
      room.early.shift()
      hand(room, next)
    }
    clearTimeout(room.patience)
    const [next] = room.early
    room.patience = next && setTimeout(() => void heal(videoId, room, firstOf(next) - 1), patienceMs).unref()
  }

  const read = async (videoId: VideoId, room: Room, upTo: number) => {
    while ((room.seq ?? 0) < upTo) {
      const missed = await since(videoId, room.seq ?? 0, healLimit)
      if (missed.length === 0) return forgetEarly(room)
      hand(room, { videoId, events: missed })
    }
    release(videoId, room)
  }
  const heal = (videoId: VideoId, room: Room, upTo: number): Promise<void> => {
    clearTimeout(room.patience)
    const healing = (room.healing ?? Promise.resolve())
      .then(() => read(videoId, room, upTo))
      .catch(fault => onFault(videoId, fault))
      .finally(() => {
        if (room.healing === healing) room.healing = undefined
      })
    room.healing = healing
    return healing
  }
  const wait = (room: Room, frame: RoomEventsFrame) => {
    room.early.push(frame)
    room.early.sort((a, b) => firstOf(a) - firstOf(b))
    // What is dropped here is in the log, where it will be found to be missing.
    if (room.early.length > mostEarly) room.early.pop()
    if (room.early[0] === frame) release(frame.videoId, room)
  }

  return {
    publish(frame: RoomEventsFrame): void {
      const room = roomOf(frame.videoId)
      if (!isNext(room, frame)) {
        wait(room, frame)
        return
      }
      hand(room, frame)
      if (room.early.length > 0) release(frame.videoId, room)
    },
    /** Someone came who has all up to here: a room without a position begins there. */
    startAt(videoId: VideoId, seq: number): void {
      const room = roomOf(videoId)
      room.seq ??= seq
    },
    /** The log is known to reach up to here: what was not handed out yet is read from it. */
    async reaches(videoId: VideoId, seq: number): Promise<void> {
      const room = rooms.get(videoId)
      if (room?.seq !== undefined && room.seq < seq) await heal(videoId, room, seq)
    },
    listen(listener: Listener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const firstOf = ({ events }: RoomEventsFrame): number => events[0]?.seq ?? 0

/** The log knows nothing of what should come before them: they are of another log, such as one before a restore. */
function forgetEarly(room: Room): void {
  clearTimeout(room.patience)
  room.early = []
}

function forgetOldest(rooms: Map<VideoId, Room>): void {
  const [oldest] = rooms
  if (!oldest) return
  clearTimeout(oldest[1].patience)
  rooms.delete(oldest[0])
}
