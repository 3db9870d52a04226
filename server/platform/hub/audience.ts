import type { SocketNoticeName, SocketNotices, StreamId } from '../../../shared/index.ts'

/** What a door passes on: frames of a log, and passing notices. */
export type Tell = <N extends SocketNoticeName>(name: N, payload: SocketNotices[N]) => void

/** Those who listen to a stream without having entered it: server-sent events. */
export interface Audience {
  /** Returns how to stop. */
  listen(stream: StreamId, tell: Tell): () => void
  tell<N extends SocketNoticeName>(stream: StreamId, name: N, payload: SocketNotices[N]): void
  /** Streams that someone listens to. */
  occupied(): Iterable<StreamId>
}

export function createAudience(): Audience {
  const streams = new Map<StreamId, Set<Tell>>()
  return {
    listen(stream, tell) {
      const listening = streams.get(stream) ?? new Set()
      streams.set(stream, listening.add(tell))
      return () => {
        if (listening.delete(tell) && listening.size === 0) streams.delete(stream)
      }
    },
    tell(stream, name, payload) {
      for (const tell of streams.get(stream) ?? []) tell(name, payload)
    },
    occupied: () => streams.keys(),
  }
}
