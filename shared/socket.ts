import { z } from 'zod'
import type { LibraryEvent, RoomEvent, RoomEventsFrame } from './events.ts'
import type { Failure } from './failures.ts'
import { MessageId, Sequence, VideoId } from './ids.ts'
import {
  ClockMs,
  type Member,
  MemberId,
  type Playback,
  type Playhead,
  Position,
  type PresenceNotice,
} from './members.ts'
import { AskQuestion, type Citation, EditMessage, Emoji, type Message, SendMessage } from './messages.ts'
import { defineSocketRequests } from './socket-request.ts'
import type { StageName, Video } from './videos.ts'

/** Socket.IO's namespace for all that is asked here. */
export const socketNamespace = '/rooms'

const inRoom = { about: 'room', from: 'inside' } as const
/** What is asked of a room by those who see it: read, written, signalled. */
const reading = { ...inRoom, scope: 'read', pace: 'reading' } as const
const talking = { ...inRoom, scope: 'talk', pace: 'talk' } as const
const leading = { ...inRoom, scope: 'lead', pace: 'signal' } as const
const following = { ...inRoom, scope: 'read', pace: 'signal' } as const
const library = { about: 'library', scope: 'library', pace: 'reading' } as const
const limit = z.number().int().min(1).max(1000).optional()

/**
 * Client → server: what each request carries, which scope it wants, what it is about and who may ask from where, and how
 * often. Each is acknowledged with `{ok: true, ...}` or a failure.
 */
export const socketRequests = defineSocketRequests({
  'room.join': { ...reading, from: 'anywhere', payload: z.object({ videoId: VideoId, since: Sequence.optional() }) },
  'room.leave': { ...reading, from: 'anywhere', payload: z.object({ videoId: VideoId }) },
  'room.replay': { ...reading, payload: z.object({ videoId: VideoId, since: Sequence, limit }) },
  /** Everything up to `seq` was seen by this person. */
  'room.read': { ...reading, payload: z.object({ videoId: VideoId, seq: Sequence }) },
  'message.send': { ...talking, payload: SendMessage },
  'message.edit': { ...talking, payload: EditMessage },
  'message.delete': { ...talking, payload: z.object({ videoId: VideoId, messageId: MessageId }) },
  'message.react': {
    ...talking,
    payload: z.object({ videoId: VideoId, messageId: MessageId, emoji: Emoji, on: z.boolean() }),
  },
  'question.ask': { ...talking, payload: AskQuestion },
  'answer.cancel': {
    ...{ about: 'found', from: 'inside', scope: 'talk', pace: 'reading' },
    payload: z.object({ answerId: MessageId }),
  },
  /** Answers a question anew that has no answer: its model failed, or its server died. */
  'answer.retry': { ...talking, payload: z.object({ videoId: VideoId, questionId: MessageId }) },
  'typing.set': { ...following, scope: 'talk', payload: z.object({ videoId: VideoId, typing: z.boolean() }) },
  'playhead.set': { ...following, payload: Position.extend({ videoId: VideoId }) },
  /** Takes the lead when nobody has it; by whoever leads: where the film stood at `clockMs` of the server's clock. */
  'playback.lead': { ...leading, payload: Position.extend({ videoId: VideoId, clockMs: ClockMs.optional() }) },
  /** Hands the lead on to someone who is here. */
  'playback.hand': { ...leading, payload: z.object({ videoId: VideoId, to: MemberId }) },
  'playback.release': { ...leading, payload: z.object({ videoId: VideoId }) },
  'playback.follow': { ...following, payload: z.object({ videoId: VideoId, following: z.boolean() }) },
  /** The library's own log, from then on: as `library.events`. */
  'library.join': { ...library, from: 'anywhere', payload: z.object({ since: Sequence.optional() }) },
  'library.leave': { ...library, from: 'anywhere', payload: z.object({}) },
  'library.replay': { ...library, from: 'inside', payload: z.object({ since: Sequence, limit }) },
  /** For the difference of two clocks: half the way there and back is taken off. */
  'clock.read': { about: 'server', from: 'anywhere', scope: 'anyone', pace: 'signal', payload: z.object({}) },
})

export type SocketRequestName = keyof typeof socketRequests
export type SocketRequest<N extends SocketRequestName> = z.infer<(typeof socketRequests)[N]['payload']>
export type SocketRequestInput<N extends SocketRequestName> = z.input<(typeof socketRequests)[N]['payload']>

/** An answer that is being written, as far as it has come. */
export interface AnswerInProgress {
  answerId: MessageId
  questionId: MessageId
  text: string
  /** `index` of the next `answer.delta`. */
  nextIndex: number
}

/** What this person has not seen yet. */
export interface Unread {
  /** The last event that was seen. Whoever comes for the first time has seen all that was before. */
  seq: number
  /** Messages, questions and answers of others after it that are still there; 999 at most. */
  messages: number
  /** Those of them that speak to this person. */
  mentions: number
}

/** What each request is answered with, beside `ok: true`. */
export interface SocketAnswers {
  'room.join': {
    video: Video
    /** Who the caller is in this room. */
    memberId: MemberId
    members: Member[]
    /** The newest, in order of time. */
    messages: Message[]
    seq: number
    /** Those after `since`; the rest of many is asked for with `room.replay`. Empty without `since`. */
    events: RoomEvent[]
    /** `since` lies too far back, or is not of this log: what was known before is to be thrown away. */
    isSnapshot: boolean
    answers: AnswerInProgress[]
    playback: Playback
    unread: Unread
  }
  'room.leave': object
  'room.replay': { events: RoomEvent[] }
  'room.read': { unread: Unread }
  'message.send': { message: Message }
  'message.edit': { message: Message }
  'message.delete': object
  'message.react': { message: Message }
  'question.ask': { message: Message; answerId: MessageId }
  'answer.cancel': object
  'answer.retry': { message: Message; answerId: MessageId }
  'typing.set': object
  'playhead.set': object
  'playback.lead': { playback: Playback }
  'playback.hand': { playback: Playback }
  'playback.release': { playback: Playback }
  'playback.follow': { playback: Playback }
  'library.join': {
    seq: number
    /** Those after `since`; the rest of many is asked for with `library.replay`. Empty without `since`. */
    events: LibraryEvent[]
    /** `since` lies too far back, or is not of this log: list the videos anew. */
    isSnapshot: boolean
  }
  'library.leave': object
  'library.replay': { events: LibraryEvent[] }
  'clock.read': { nowMs: number }
}

/** Server → client. Only events are durable; the rest is gone when missed. */
export interface SocketNotices {
  'room.events': RoomEventsFrame
  /** To those who joined the library. */
  'library.events': { events: LibraryEvent[] }
  /** At most four a second for each stage of a video. */
  progress: { videoId: VideoId; stage: StageName; percent: number; etaSeconds?: number }
  'answer.started': { videoId: VideoId; answerId: MessageId; questionId: MessageId }
  'answer.delta': { videoId: VideoId; answerId: MessageId; index: number; text: string }
  'answer.done': { videoId: VideoId; answerId: MessageId; message: Message & { citations: Citation[] } }
  'answer.failed': {
    videoId: VideoId
    answerId: MessageId
    questionId: MessageId
    error: { code: string; message: string }
  }
  presence: PresenceNotice
  typing: { videoId: VideoId; memberId: MemberId; name: string; typing: boolean }
  /** Those that moved since the last such notice, a few times a second at most. */
  playhead: { videoId: VideoId; playheads: Playhead[] }
  /** Who leads and where they are. */
  playback: { videoId: VideoId; playback: Playback }
  /** The last thing that a connection hears: its key was revoked, say. */
  'access.ended': { error: Failure['error'] }
  /** A person has seen the room's log up to there, in one tab: meant for their other ones. */
  read: { videoId: VideoId; memberId: MemberId; seq: number }
}
export type SocketNoticeName = keyof SocketNotices
/** Not sent to a connection with much unsent: the next one says more. Typing is not of them: its end would be missed. */
export const droppableNotices: ReadonlySet<SocketNoticeName> = new Set(['playhead'])
/** Frames of a stream's log: `{events}`. */
export const eventNotices: ReadonlySet<SocketNoticeName> = new Set(['room.events', 'library.events'])
/** Those that servers pass on to each other. Whatever else is told, each of them finds out by itself. */
export type SharedNoticeName = 'typing' | 'progress'
