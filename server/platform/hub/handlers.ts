import type {
  MemberId,
  SocketAnswers,
  SocketNoticeName,
  SocketNotices,
  SocketRequest,
  SocketRequestName,
  VideoId,
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
  enter(videoId: VideoId): Promise<void>
  leave(videoId: VideoId): Promise<void>
  isIn(videoId: VideoId): boolean
}

/** A domain's socket requests: parsed payload in, answer out; what is thrown is answered as a failure. */
export type SocketHandlers = {
  [N in SocketRequestName]: (payload: SocketRequest<N>, caller: SocketCaller) => Promise<SocketAnswers[N]>
}

/** Called for each room that a connection was in when it left or ended. */
export type OnLeft = (listener: (videoId: VideoId, caller: SocketCaller) => void) => void

/** Tells those in a video's room. Volatile: whoever is away misses it. */
export type Notify = <N extends SocketNoticeName>(videoId: VideoId, notice: N, payload: SocketNotices[N]) => void
