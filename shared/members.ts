import { z } from 'zod'
import { Seconds, type VideoId } from './ids.ts'

/**
 * A person in a room, the same in all of their tabs: derived from the secret that a client keeps (`PersonKey`), so that
 * knowing it lets nobody pass for them. Without such a secret every connection is a person of its own.
 */
export const MemberId = z.string().min(1).max(64)
export type MemberId = z.infer<typeof MemberId>

/** What a client keeps to itself to be the same person again: random, 16 to 200 characters. */
export const PersonKey = z.string().min(16).max(200)

/** Milliseconds since 1970 by the server's clock, which `clock.read` tells; no later than a date can be. */
export const ClockMs = z.number().min(0).max(8_640_000_000_000_000)

/** Where someone is in the film. `rate` 1 is normal speed. */
export const Position = z.object({ atSeconds: Seconds, playing: z.boolean(), rate: z.number().min(0).max(16) })
export type Position = z.infer<typeof Position>

/** One person who is in a room, however many connections they have. */
export interface Member {
  id: MemberId
  name: string
  /** Tabs and devices. */
  connections: number
  /** Where they were last seen in the film; null until they said. */
  playhead: Position | null
  /** They watch along with whoever leads. */
  following: boolean
}

export interface Playhead extends Position {
  memberId: MemberId
  name: string
}

/** Watching together: where the one who leads is. At `clockMs` of the server's clock the film stood at `atSeconds`. */
export interface Playback extends Position {
  /** Null while nobody leads; then the rest is where the last one let go. */
  leader: { id: MemberId; name: string } | null
  /** Milliseconds since 1970 by the server's clock, which `clock.read` tells. */
  clockMs: number
}

/** Who came or changed, and who left, since the last such notice; joining answers who is there at first. */
export interface PresenceNotice {
  videoId: VideoId
  joined: Member[]
  left: MemberId[]
  /** People in the room now. */
  count: number
}
