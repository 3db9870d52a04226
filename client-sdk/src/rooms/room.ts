import type {
  Member,
  Message,
  RoomEvent,
  RoomEventPayload,
  RoomEventType,
  SocketNoticeName,
  SocketNotices,
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
    /** The room can't be entered any more: the video is gone, or the token is refused. */
    closed: [reason: RushesError]
  }
export type RoomListenerType = keyof RoomListenerArgs
export type RoomListener<T extends RoomListenerType> = (...args: RoomListenerArgs[T]) => void

export interface MessageDraft {
  body: string
  /** Ties it to a second of the film. */
  atSeconds?: number | undefined
  /** Id of the message that it replies to. */
  replyTo?: string | undefined
  /** The same one again is the same message. Made here when not given: see `newClientId`. */
  clientId?: string | undefined
}

export interface RoomAskOptions extends CallOptions {
  atSeconds?: number | undefined
  clientId?: string | undefined
}

export interface RoomPlayhead {
  atSeconds: number
  playing: boolean
  /** 1 is normal speed. */
  rate?: number | undefined
}

/** The realtime place of one video, kept current. */
export interface Room {
  /** Replaced, never changed in place, whenever something about the video changed. */
  readonly video: Video
  /** Who is here; one entry a connection. */
  readonly members: Member[]
  /** Which of the members this room is; another one after every reconnection. Undefined without a connection. */
  readonly memberId: string | undefined
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
  /** Asks at once; the answer goes to everyone in the room. Aborting the signal cancels it for all. */
  ask(question: string, options?: RoomAskOptions): Answer
  /** Tells the others; lost when there is no connection. */
  typing(typing?: boolean): void
  playhead(playhead: RoomPlayhead): void
  /** Ends the connection. What is still unsent fails. */
  leave(): void
}
