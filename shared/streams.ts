import { z } from 'zod'
import type { LibraryEvent, RoomEvent } from './events.ts'
import type { VideoId } from './ids.ts'

/** What has a log of its own: each video, and the library as a whole. Its name is the key of the log. */
export type StreamId = `video:${string}` | 'library'

/** The name of a stream as another server says it: of whatever kind, for a newer one may know more of them. */
export const StreamName = z.custom<StreamId>(
  name => typeof name === 'string' && /^[a-z]+(?::[\da-f-]{36})?$/.test(name),
)

/** What may happen in a stream. */
export type EventOf<S extends StreamId> = S extends 'library' ? LibraryEvent : RoomEvent
export type StreamEvent = EventOf<StreamId>

/** What was committed together in one stream. */
export interface EventsFrame<S extends StreamId = StreamId> {
  stream: S
  events: EventOf<S>[]
}

export const libraryStream = 'library'
export const videoStream = (id: VideoId): `video:${string}` => `video:${id}`

const ofVideo = /^video:(.+)$/
/** The video whose stream it is; null for any other stream. */
export const videoOfStream = (stream: StreamId): VideoId | null => (ofVideo.exec(stream)?.[1] ?? null) as VideoId | null
