import type { Member, Message, VideoId } from '../../shared/index.ts'
import type { Notify } from '../platform/hub/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Videos } from '../videos/index.ts'

export interface RoomsOptions {
  videos: Pick<Videos, 'get'>
  journal: Pick<Journal, 'since' | 'head'>
  notify: Notify
  /** Who is in a video's room now. */
  members: (videoId: VideoId) => Promise<Member[]>
  /** Called when a connection ended, for each room that it was in. */
  onGone: (listener: (videoId: VideoId, member: Member) => void) => void
  /** The room's talk, which a later domain keeps. */
  messages: { recent(videoId: VideoId, limit: number): Promise<Message[]> }
}
