import type { Message, VideoId } from '../../shared/index.ts'
import type { Hub, Notify, OnLeft } from '../platform/hub/index.ts'
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
  messages: { recent(videoId: VideoId, limit: number): Promise<Message[]> }
}
