import type {
  SocketAnswers,
  SocketNoticeName,
  SocketNotices,
  SocketRequest,
  SocketRequestName,
  VideoId,
} from '../../../shared/index.ts'

/** One connection, as a domain sees it. */
export interface SocketCaller {
  memberId: string
  name: string
  enter(videoId: VideoId): Promise<void>
  leave(videoId: VideoId): Promise<void>
  isIn(videoId: VideoId): boolean
}

/** A domain's socket requests: parsed payload in, answer out; what is thrown is answered as a failure. */
export type SocketHandlers = {
  [N in SocketRequestName]: (payload: SocketRequest<N>, caller: SocketCaller) => Promise<SocketAnswers[N]>
}

/** Tells everyone in a video's room. Volatile: whoever is away misses it. */
export type Notify = <N extends SocketNoticeName>(videoId: VideoId, notice: N, payload: SocketNotices[N]) => void
