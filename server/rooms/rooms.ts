import type { AnswerInProgress, Message, VideoId } from '../../shared/index.ts'
import type { Notify, OnLeft } from '../platform/hub/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Videos } from '../videos/index.ts'

export interface RoomsOptions {
  videos: Pick<Videos, 'get'>
  journal: Pick<Journal, 'since' | 'head'>
  notify: Notify
  onLeft: OnLeft
  /** The room's talk, which a later domain keeps. */
  messages: { recent(videoId: VideoId, limit: number): Promise<Message[]> }
  /** Those that are being written, on whichever server. */
  answers: { inProgress(videoId: VideoId): AnswerInProgress[] }
}
