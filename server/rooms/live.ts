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
    // In this order: what is appended from the moment of entering arrives live, what came before is in the log. Both
    // may hold the same event; `seq` tells.
    async 'room.join'({ videoId, since }, caller) {
      const video = await videos.get(videoId)
      await caller.enter(videoId)
      const here = await members(videoId)
      announcePresence(notify, videoId, here)
      const events = since === undefined ? [] : await journal.since(videoId, since, replayLimit)
      const [seq, recent] = await Promise.all([journal.head(videoId), messages.recent(videoId, recentMessages)])
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
