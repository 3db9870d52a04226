import type { RoomEvent, RoomEventsFrame, VideoId } from '../../../shared/index.ts'

type Listener = (frame: RoomEventsFrame) => void
/** Rooms whose position is remembered. A forgotten one starts anew at the next frame; clients heal what they miss. */
const rememberedRooms = 10_000
const healLimit = 1_000

/**
 * Hands committed frames to the room in `seq` order. Two transactions on different connections may be seen to commit in
 * the wrong order, and other processes write to the same log: where a frame doesn't follow the last one, what lies
 * between is read from the log, where it must already be (the lower number was committed first).
 */
export function createFanOut(since: (videoId: VideoId, seq: number, limit: number) => Promise<RoomEvent[]>) {
  const listeners = new Set<Listener>()
  const delivered = new Map<VideoId, number>()
  const healing = new Map<VideoId, Promise<void>>()

  const hand = (videoId: VideoId, events: RoomEvent[]) => {
    const last = events.at(-1)
    if (!last) return
    delivered.delete(videoId)
    delivered.set(videoId, last.seq)
    if (delivered.size > rememberedRooms) delivered.delete(delivered.keys().next().value as VideoId)
    for (const listener of listeners) listener({ videoId, events })
  }

  const heal = async (videoId: VideoId, upTo: number) => {
    for (let last = delivered.get(videoId) ?? 0; last < upTo; last = delivered.get(videoId) ?? upTo) {
      const missed = await since(videoId, last, healLimit)
      if (missed.length === 0) return
      hand(videoId, missed)
    }
  }

  const publish = ({ videoId, events }: RoomEventsFrame): Promise<void> | undefined => {
    const first = events[0]
    const last = events.at(-1)
    if (!first || !last) return undefined
    const before = healing.get(videoId)
    const position = delivered.get(videoId)
    if (!before && (position === undefined || first.seq === position + 1)) {
      hand(videoId, events)
      return undefined
    }
    const healed = (before ?? Promise.resolve())
      .then(() => heal(videoId, last.seq))
      .finally(() => {
        if (healing.get(videoId) === healed) healing.delete(videoId)
      })
    healing.set(videoId, healed)
    return healed
  }

  return {
    publish,
    listen(listener: Listener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
