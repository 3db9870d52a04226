import type {
  Member,
  Message,
  Playback,
  Room,
  RoomStatus,
  Segment,
  StageName,
  Unread,
  Video,
  WatchingChange,
} from '../index.ts'
import type { Failing } from './failing.ts'

/** `missing`: there is no such video. `deleted`: there was, a moment ago. */
export type RoomPhase = 'joining' | 'joined' | 'missing' | 'deleted' | 'failed'

/** What a person says, or asks. */
export interface Saying {
  body: string
  /** Waits until the room is joined under this name; the present one when not given. */
  author?: string | undefined
  /** Ties it to a second of the film. */
  atSeconds?: number | undefined
  /** With `atSeconds`: ties it to a span that ends here. */
  endSeconds?: number | undefined
  /** Id of the message that it replies to; nothing for questions. */
  replyTo?: string | undefined
  /** Ids of the people it speaks to; nothing for questions. */
  mentions?: string[] | undefined
}

/** Said here, not yet known to the server. */
export interface PendingMessage {
  clientId: string
  kind: 'message' | 'question'
  author: string
  body: string
  atSeconds: number | null
  endSeconds: number | null
  replyTo: string | null
  mentions: string[]
  /** Why it was refused; null while it is on its way, or waits for the connection. */
  failure: Failing | null
}

/** An answer as far as it has come. */
export interface StreamingAnswer {
  answerId: string
  questionId: string
  text: string
  /** Why there is no more of it, `answer.cancelled` among others; null while it is being written. */
  failure: Failing | null
}

/** Another person in the room. */
export interface Other extends Member {
  /** When `playhead` was told, by `performance.now()`: see `secondsOf`. */
  seenAtMs: number
  typing: boolean
  /** The others follow them. */
  leading: boolean
}

/** Where someone is by now, reckoned on from where they were last seen; null when they never said. */
export function secondsOf({ playhead, seenAtMs }: Other, nowMs: number = performance.now()): number | null {
  if (!playhead) return null
  const { atSeconds, playing, rate } = playhead
  return playing ? atSeconds + ((nowMs - seenAtMs) / 1000) * rate : atSeconds
}

/** What the hooks of a room read. Its parts are replaced, never changed in place. */
export interface RoomState {
  phase: RoomPhase
  /** Why the room could not be joined. */
  failure: Failing | null
  /** Null until it is joined, and while it is joined anew. */
  room: Room | null
  memberId: string | null
  video: Video | null
  members: readonly Member[]
  others: readonly Other[]
  /** As shown: earlier pages, what the room has, and what was changed here a moment ago. */
  messages: readonly Message[]
  hasEarlier: boolean
  pending: readonly PendingMessage[]
  answers: readonly StreamingAnswer[]
  playback: Playback | null
  /** What this client does with a player, and why that changed. */
  watching: WatchingChange
  unread: Unread
  /** Segments that came while here. */
  segments: readonly Segment[]
  /** How often a transcript was made whole while here. */
  transcripts: number
  /** Seconds that each stage will still take, where that is known. */
  etas: Partial<Record<StageName, number>>
  status: RoomStatus
  /** Since when, in milliseconds since 1970. */
  statusSince: number
}

export const emptyRoom: RoomState = {
  phase: 'joining',
  failure: null,
  room: null,
  memberId: null,
  video: null,
  members: [],
  others: [],
  messages: [],
  hasEarlier: false,
  pending: [],
  answers: [],
  playback: null,
  watching: { as: null, reason: 'asked' },
  unread: { seq: 0, messages: 0, mentions: 0 },
  segments: [],
  transcripts: 0,
  etas: {},
  status: 'connecting',
  statusSince: 0,
}
