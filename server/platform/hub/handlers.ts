import {
  type MemberId,
  notInside,
  type SocketAnswers,
  type SocketNoticeName,
  type SocketNotices,
  type SocketRequest,
  type SocketRequestName,
  type StreamId,
} from '../../../shared/index.ts'
import type { Caller } from '../caller.ts'
import { fail } from '../errors.ts'

/** One connection, through whichever door, as a domain sees it. */
export interface SocketCaller {
  /** Who is asking, as every other door knows them. */
  by: Caller
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

/** Throws `notInside`. Asked for each request by what the contract says of it. */
export function mustBeIn(stream: StreamId, caller: Pick<SocketCaller, 'isIn'>): void {
  if (!caller.isIn(stream)) throw fail(notInside)
}

/** A domain's socket requests: parsed payload in, answer out; what is thrown is answered as a failure. */
export type SocketHandlers = {
  [N in SocketRequestName]: (payload: SocketRequest<N>, caller: SocketCaller) => Promise<SocketAnswers[N]>
}

/** Called for each stream that a connection was in when it left or ended. */
export type OnLeft = (listener: (stream: StreamId, caller: SocketCaller) => void) => void

/** Tells those who are in a stream. Volatile: whoever is away misses it. */
export type Notify = <N extends SocketNoticeName>(stream: StreamId, notice: N, payload: SocketNotices[N]) => void
