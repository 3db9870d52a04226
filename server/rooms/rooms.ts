import type { Message, Unread, VideoId } from '../../shared/index.ts'
import type { Hub, Notify, OnLeft, SocketCaller } from '../platform/hub/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Videos } from '../videos/index.ts'

export interface RoomsOptions {
  videos: Pick<Videos, 'get'>
  journal: Pick<Journal, 'since' | 'head'>
  notify: Notify
  onLeft: OnLeft
  /** Streams of events over HTTP. */
  listen: Hub['listen']
  /** The room's talk, which a later domain keeps. */
  messages: {
    recent(videoId: VideoId, limit: number): Promise<Message[]>
    /** Someone joined when the log reached to `head`: what they have not seen up to there. */
    arrive(videoId: VideoId, caller: SocketCaller, head: number): Promise<Unread>
  }
}
