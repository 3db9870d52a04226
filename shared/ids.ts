import { z } from 'zod'

/**
 * UUIDv7 as text: sorts by the time it was made (RFC 9562, section 5.7). "Case insensitive on input" (section 4): in the
 * names of rooms and of files it is in small letters only.
 */
const uuid = z.uuid().toLowerCase()

export const VideoId = uuid.brand<'VideoId'>()
export const MessageId = uuid.brand<'MessageId'>()
export const JobId = uuid.brand<'JobId'>()
/** An answer and the message that it becomes share one id. */
export type VideoId = z.infer<typeof VideoId>
export type MessageId = z.infer<typeof MessageId>
export type JobId = z.infer<typeof JobId>

const mostSeconds = 1_000_000
/** Seconds from the start of a video. */
export const Seconds = z.number().min(0).max(mostSeconds)
/** The same as it stands in an address. */
export const WrittenSeconds = z.coerce.number().min(0).max(mostSeconds)

/** No log gets longer: its numbers are kept in four bytes. */
const mostSequence = 2_147_483_647
/** A place in a room's log, which counts from 1; 0 is before all of it. */
export const Sequence = z.number().int().min(0).max(mostSequence)
/** The same as it stands in an address or a header. */
export const WrittenSequence = z.coerce.number().int().min(0).max(mostSequence)

/** UTC, ISO 8601. */
export const Timestamp = z.iso.datetime()
