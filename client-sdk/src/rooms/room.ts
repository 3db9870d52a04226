import type {
  AnswerInProgress,
  Member,
  Message,
  Playback,
  RoomEvent,
  RoomEventPayload,
  RoomEventType,
  SocketNoticeName,
  SocketNotices,
  Unread,
  Video,
} from '../../../shared/index.ts'
import type { Answer } from '../answer.ts'
import type { CallOptions } from '../options.ts'
import type { RushesError } from '../rushes-error.ts'

/**
 * `connecting` until the first joining, `replaying` while what was missed comes in, `live`, and `offline` without a
 * connection: it comes back by itself unless the room is `closed`.
 */
export type RoomStatus = 'connecting' | 'replaying' | 'live' | 'offline'

type Durable = { [T in RoomEventType]: [payload: RoomEventPayload<T>, event: Extract<RoomEvent, { type: T }>] }
type Notices = { [N in Exclude<SocketNoticeName, 'room.events'>]: [notice: SocketNotices[N]] }

/** What a room's listeners get. Durable facts come exactly once and in order; notices come when they come. */
export type RoomListenerArgs = Durable &
  Notices & {
    /** Every durable fact, after the listeners of its own type. */
    event: [event: RoomEvent]
    status: [status: RoomStatus]
    /** Too much was missed: what the room knows was replaced, and what was handed out before may be old. */
    snapshot: []
    /** What this client does with a player when people watch together, and why that changed. */
    watching: [change: WatchingChange]
    /** What is unread changed. */
    unread: [unread: Unread]
    /** The room can't be entered any more: the video is gone, or the token is refused. */
    closed: [reason: RushesError]
  }
export type RoomListenerType = keyof RoomListenerArgs
export type RoomListener<T extends RoomListenerType> = (...args: RoomListenerArgs[T]) => void

export interface MessageDraft {
  body: string
  /** Ties it to a second of the film. */
  atSeconds?: number | undefined
  /** With `atSeconds`: ties it to a span that ends here. */
  endSeconds?: number | undefined
  /** Ids of the people it speaks to: members, or authors of messages. */
  mentions?: string[] | undefined
  /** Id of the message that it replies to. */
  replyTo?: string | undefined
  /** The same one again is the same message. Made here when not given: see `newClientId`. */
  clientId?: string | undefined
}

/** What is left out stays; null takes the place in the film away. */
export interface MessageChange {
  body?: string | undefined
  atSeconds?: number | null | undefined
  endSeconds?: number | null | undefined
  mentions?: string[] | undefined
}

export interface RoomAskOptions extends CallOptions {
  /** The second that “here” or “this part” means. */
  atSeconds?: number | undefined
  /** With `atSeconds`: the end of the span that is asked about. */
  endSeconds?: number | undefined
  clientId?: string | undefined
}

export interface RoomPlayhead {
  atSeconds: number
  playing: boolean
  /** 1 is normal speed. */
  rate?: number | undefined
}

/** A player that can lead and follow; an `HTMLMediaElement` is one. */
export interface WatchedPlayer {
  currentTime: number
  playbackRate: number
  readonly paused: boolean
  readonly seeking: boolean
  /** In seconds; not a number until it is known. */
  readonly duration?: number
  readonly ended?: boolean
  play(): Promise<void> | void
  pause(): void
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
}

/**
 * `asked`: by a call. `handed`: the lead was handed on by this client; `taken`: another one has it. `by-hand`: whoever sits
 * at a following player paused, played, sought or changed its speed. `refused`: it may not play, as browsers have it
 * before the first click; following again from a click helps.
 */
export interface WatchingChange {
  as: 'leading' | 'following' | null
  reason: 'asked' | 'handed' | 'taken' | 'by-hand' | 'refused'
}

/** The realtime place of one video, kept current. */
export interface Room {
  /** Replaced, never changed in place, whenever something about the video changed. */
  readonly video: Video
  /** Who is here; one entry a person. */
  readonly members: Member[]
  /** Which of the members this client is: the same in all tabs of a browser, and after reconnecting. */
  readonly memberId: string
  /** Who leads when people watch together, and where they are. */
  readonly playback: Playback
  /** What this client itself does with a player. */
  readonly watching: WatchingChange['as']
  /** What was not seen yet by this person, here or in another tab. */
  readonly unread: Unread
  /** Answers that are being written. */
  readonly answers: AnswerInProgress[]
  /** The latest 50 when joining and everything since, in order of time. */
  readonly messages: Message[]
  readonly status: RoomStatus
  /** Number of the last durable fact that was handed out. */
  readonly seq: number
  /** Returns what takes the listener off again. */
  on<T extends RoomListenerType>(type: T, listener: RoomListener<T>): () => void
  off<T extends RoomListenerType>(type: T, listener: RoomListener<T>): void
  /** Resolves once the server has it. Sent again, as the same message, for as long as that takes. */
  send(draft: MessageDraft, options?: CallOptions): Promise<Message>
  /** Only its author may. Throws `message.not_yours`, `message.not_found`, `network`. */
  edit(messageId: string, change: MessageChange, options?: CallOptions): Promise<Message>
  delete(messageId: string, options?: CallOptions): Promise<void>
  /** Adds one's reaction, or takes it away. `emoji` is one emoji. */
  react(messageId: string, emoji: string, on?: boolean): Promise<Message>
  /** All that has come so far was seen. */
  markRead(): void
  /** Asks at once; the answer goes to everyone in the room. Aborting the signal cancels it for all. */
  ask(question: string, options?: RoomAskOptions): Answer
  /** Anyone here may. Throws `answer.not_found`. */
  cancelAnswer(answerId: string): Promise<void>
  /** Answers a question anew that got no answer. Throws `message.not_found`, `server.busy`. */
  retryAnswer(questionId: string): Promise<void>
  /**
   * Leads: the others can follow what this player does, until the returned function is called. Throws
   * `playback.taken` while someone else leads.
   */
  lead(player: WatchedPlayer): Promise<() => void>
  /** Hands the lead to someone who is here. Throws `playback.not_leading`. */
  handLead(memberId: string): Promise<void>
  /**
   * Plays as whoever leads does, within 200 ms, until the returned function is called or someone takes the player into
   * their own hands (`watching`). While nobody leads the player is left alone; the next one to lead is followed.
   */
  follow(player: WatchedPlayer): () => void
  /** The server's clock, in milliseconds since 1970; this machine's until the two have been compared. */
  now(): number
  /** Tells the others; lost when there is no connection. Renewed until false, or half a minute after the last true. */
  typing(typing?: boolean): void
  /** Where this person is; the others are told of it four times a second at most. */
  playhead(playhead: RoomPlayhead): void
  /** Ends the connection. What is still unsent fails. */
  leave(): void
}
