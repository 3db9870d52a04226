import type { Member, VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Notify, SocketCaller, SocketHandlers } from '../platform/hub/index.ts'
import type { RoomsOptions } from './rooms.ts'

type Handled = 'room.join' | 'room.leave' | 'room.replay' | 'typing.set' | 'playhead.set'

/** Events that one answer holds at most; the client asks for the rest. */
const replayLimit = 1000
const recentMessages = 50

export function roomRequests(options: RoomsOptions): Pick<SocketHandlers, Handled> {
  const { videos, journal, messages, notify, members } = options
  return {
    // In this order: what is committed after entering arrives live; what `seq` counts is in all that is read after it.
    // Some of it may come twice then, and its number tells.
    async 'room.join'({ videoId, since }, caller) {
      await videos.get(videoId)
      await caller.enter(videoId)
      const seq = await journal.head(videoId)
      const [video, here, recent, events] = await Promise.all([
        videos.get(videoId),
        members(videoId),
        messages.recent(videoId, recentMessages),
        since === undefined ? [] : journal.since(videoId, since, replayLimit),
      ])
      announcePresence(notify, videoId, here)
      return { video, members: here, messages: recent, seq, events }
    },
    async 'room.leave'({ videoId }, caller) {
      await caller.leave(videoId)
      announcePresence(notify, videoId, await members(videoId))
      return {}
    },
    async 'room.replay'({ videoId, since, limit }) {
      return { events: await journal.since(videoId, since, limit ?? replayLimit) }
    },
    async 'typing.set'({ videoId, typing }, caller) {
      requirePresence(caller, videoId)
      notify(videoId, 'typing', { videoId, memberId: caller.memberId, name: caller.name, typing })
      return {}
    },
    async 'playhead.set'({ videoId, ...playhead }, caller) {
      requirePresence(caller, videoId)
      notify(videoId, 'playhead', { videoId, memberId: caller.memberId, name: caller.name, ...playhead })
      return {}
    },
  }
}

export function announcePresence(notify: Notify, videoId: VideoId, members: Member[]): void {
  notify(videoId, 'presence', { videoId, members })
}

function requirePresence(caller: SocketCaller, videoId: VideoId): void {
  if (!caller.isIn(videoId)) throw new AppError('room.not_joined', 'Join the room first: room.join.')
}
