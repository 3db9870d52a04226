import type { AnswerInProgress, Message, Unread, VideoId } from '../../shared/index.ts'
import type { Bus, Hub, Notify, NotifyAll, OnLeft, SocketCaller } from '../platform/hub/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Log } from '../platform/log.ts'
import type { Videos } from '../videos/index.ts'
import type { RoomMetrics } from './metrics.ts'
import type { RoomTimes } from './times.ts'

export interface RoomsOptions {
  videos: Pick<Videos, 'get'>
  journal: Pick<Journal, 'since' | 'head' | 'onCommitted'>
  /** To a room on all servers. */
  notify: NotifyAll
  /** To those in a room who are connected to this server. */
  notifyHere: Notify
  onLeft: OnLeft
  bus: Bus
  log: Pick<Log, 'error'>
  metrics: Omit<RoomMetrics, 'connections' | 'slowConnections' | 'roomEvents'>
  /** Streams of events over HTTP. */
  listen: Hub['listen']
  /** The room's talk, which a later domain keeps. */
  messages: {
    recent(videoId: VideoId, limit: number): Promise<Message[]>
    /** Someone joined when the log reached to `head`: what they have not seen up to there. */
    arrive(videoId: VideoId, caller: SocketCaller, head: number): Promise<Unread>
  }
  /** Those that are being written, on whichever server. */
  answers: { inProgress(videoId: VideoId): AnswerInProgress[] }
  times?: Partial<RoomTimes>
  /** This server's clock, in milliseconds since 1970. */
  nowMs?: () => number
}
