import type {
  MemberId,
  SocketAnswers,
  SocketNoticeName,
  SocketNotices,
  SocketRequest,
  SocketRequestName,
  StreamId,
} from '../../../shared/index.ts'

/** One connection, through whichever door, as a domain sees it. */
export interface SocketCaller {
  /** Another one after every reconnection. */
  connectionId: string
  /** The person: the same in all of their tabs. */
  memberId: MemberId
  name: string
  /** Its client keeps a secret by which the same person comes back; others are gone with their connection. */
  isLasting: boolean
  /** See `Person`. */
  sender: string
  enter(stream: StreamId): Promise<void>
  leave(stream: StreamId): Promise<void>
  isIn(stream: StreamId): boolean
}

/** A domain's socket requests: parsed payload in, answer out; what is thrown is answered as a failure. */
export type SocketHandlers = {
  [N in SocketRequestName]: (payload: SocketRequest<N>, caller: SocketCaller) => Promise<SocketAnswers[N]>
}

/** Called for each stream that a connection was in when it left or ended. */
export type OnLeft = (listener: (stream: StreamId, caller: SocketCaller) => void) => void

/** Tells those who are in a stream. Volatile: whoever is away misses it. */
export type Notify = <N extends SocketNoticeName>(stream: StreamId, notice: N, payload: SocketNotices[N]) => void
