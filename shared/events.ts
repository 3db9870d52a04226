import { z } from 'zod'
import { MessageId, Timestamp, VideoId } from './ids.ts'
import { Message, Reaction } from './messages.ts'
import { Segment } from './transcripts.ts'
import { NewLinks, StageName, StageState, Video, VideoStatus } from './videos.ts'

/** The durable facts of a room, by type. */
export const roomEventPayloads = {
  'video.created': z.object({ video: Video }),
  /** A direct upload has arrived: what is known of its film. */
  'video.uploaded': z.object({ video: Video }),
  'video.status_changed': z.object({ status: VideoStatus }),
  /** `again`: it had been done before, and what it made then stands until it is done once more. */
  'video.stage_changed': z.object({
    stage: StageName,
    state: StageState,
    reason: z.string().optional(),
    again: z.boolean().optional(),
  }),
  'video.playable': z.object({ video: Video }),
  'video.renamed': z.object({ title: z.string() }),
  'video.ready': z.object({ video: Video }),
  'video.failed': z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  'video.deleted': z.object({}),
  'thumbnail.ready': z.object({ thumbnail: z.string() }),
  'storyboard.ready': z.object({ storyboard: z.string(), tileCount: z.number().int() }),
  'waveform.ready': z.object({ waveform: z.string() }),
  /**
   * `playback`, or `hls-` and a size's name, then with the address of the ladder, once it has a picture; or whatever else
   * is made of a film. `links`: those of the video that are there from now on.
   */
  'rendition.ready': z.object({
    name: z.string(),
    sizeBytes: z.number().int(),
    hls: z.string().optional(),
    links: NewLinks.optional(),
  }),
  'audio.ready': z.object({ durationSeconds: z.number() }),
  'scenes.ready': z.object({ scenes: z.string(), sceneCount: z.number().int() }),
  'transcript.segments': z.object({ segments: z.array(Segment) }),
  'transcript.ready': z.object({ language: z.string(), engine: z.string(), segmentCount: z.number().int() }),
  'transcript.unavailable': z.object({ reason: z.string() }),
  'search.ready': z.object({ passageCount: z.number().int(), embedder: z.string().nullable() }),
  'message.created': z.object({ message: Message }),
  /** The whole message after the change. */
  'message.edited': z.object({ message: Message }),
  /**
   * Gone for good: what the log says of it before has no words any more, so whoever replays meets a message with an empty
   * `body` on the way. Replies to it stay.
   */
  'message.deleted': z.object({ messageId: MessageId }),
  /** All reactions of a message after the change. */
  'message.reacted': z.object({ messageId: MessageId, reactions: z.array(Reaction) }),
} as const

export type RoomEventType = keyof typeof roomEventPayloads
export type RoomEventPayload<T extends RoomEventType> = z.infer<(typeof roomEventPayloads)[T]>

/** One line of a log, for each of the types that it may have. `seq` counts from 1, without gaps. */
type EventOf<Payloads extends Record<string, z.ZodType>> = {
  [T in keyof Payloads]: { seq: number; type: T; payload: z.infer<Payloads[T]>; at: string }
}[keyof Payloads]

/** One line of a room's log. `seq` counts from 1 in each video, without gaps. */
export type RoomEvent = EventOf<typeof roomEventPayloads>

/** The durable facts of the library, by type: which videos there are. What happens in a video stands in its own log. */
export const libraryEventPayloads = {
  'video.created': z.object({ video: Video }),
  'video.playable': z.object({ video: Video }),
  'video.ready': z.object({ video: Video }),
  'video.renamed': z.object({ videoId: VideoId, title: z.string() }),
  'video.failed': z.object({ videoId: VideoId, error: z.object({ code: z.string(), message: z.string() }) }),
  'video.deleted': z.object({ videoId: VideoId }),
} as const

export type LibraryEventType = keyof typeof libraryEventPayloads
export type LibraryEventPayload<T extends LibraryEventType> = z.infer<(typeof libraryEventPayloads)[T]>

/** One line of the library's log. `seq` counts from 1, without gaps. */
export type LibraryEvent = EventOf<typeof libraryEventPayloads>

/** As parsed from the wire: an unknown type is kept, so that an older client survives a newer server. */
export const EventEnvelope = z.object({
  seq: z.number().int().min(1),
  type: z.string(),
  payload: z.unknown(),
  at: Timestamp,
})
/** What was committed together in one room. */
export type RoomEventsFrame = { videoId: VideoId; events: RoomEvent[] }
