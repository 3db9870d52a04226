import type { SocketNoticeName, SocketNotices, VideoId } from '../../../shared/index.ts'

/** What a door passes on: frames of the log as `room.events`, and notices. */
export type Tell = <N extends SocketNoticeName>(name: N, payload: SocketNotices[N]) => void

/** Those who listen to a room without being members of it: streams of events over HTTP. */
export interface Audience {
  /** Returns how to stop. */
  listen(videoId: VideoId, tell: Tell): () => void
  tell<N extends SocketNoticeName>(videoId: VideoId, name: N, payload: SocketNotices[N]): void
  /** Rooms that someone listens to. */
  rooms(): Iterable<VideoId>
}

export function createAudience(): Audience {
  const rooms = new Map<VideoId, Set<Tell>>()
  return {
    listen(videoId, tell) {
      const room = rooms.get(videoId) ?? new Set()
      rooms.set(videoId, room.add(tell))
      return () => {
        if (room.delete(tell) && room.size === 0) rooms.delete(videoId)
      }
    },
    tell(videoId, name, payload) {
      for (const tell of rooms.get(videoId) ?? []) tell(name, payload)
    },
    rooms: () => rooms.keys(),
  }
}
