import { z } from 'zod'

/** UUIDv7 as text: sorts by the time it was made (RFC 9562, section 5.7). */
const uuid = z.uuid()

export const VideoId = uuid.brand<'VideoId'>()
export const MessageId = uuid.brand<'MessageId'>()
/** An answer and the message that it becomes share one id. */
export type VideoId = z.infer<typeof VideoId>
export type MessageId = z.infer<typeof MessageId>

/** Seconds from the start of a video. */
export const Seconds = z.number().min(0).max(1_000_000)
/** UTC, ISO 8601. */
export const Timestamp = z.iso.datetime()
