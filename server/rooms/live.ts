import type { VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { SocketCaller, SocketHandlers } from '../platform/hub/index.ts'
import type { Presence } from './presence.ts'
import type { RoomsOptions } from './rooms.ts'

type Handled = 'room.join' | 'room.leave' | 'room.replay' | 'typing.set' | 'playhead.set' | 'clock.read'

/** Events that one answer holds at most; the client asks for the rest. */
const replayLimit = 1000
const recentMessages = 50

export function roomRequests(options: RoomsOptions, presence: Presence): Pick<SocketHandlers, Handled> {
  const { videos, journal, messages, notify } = options
  return {
    // In this order: what is committed after entering arrives live; what `seq` counts is in all that is read after it.
    // Some of it may come twice then, and its number tells.
    async 'room.join'({ videoId, since }, caller) {
      await videos.get(videoId)
      await caller.enter(videoId)
      const seq = await journal.head(videoId)
      const [video, recent, events] = await Promise.all([
        videos.get(videoId),
        messages.recent(videoId, recentMessages),
        since === undefined ? [] : journal.since(videoId, since, replayLimit),
      ])
      presence.enter(videoId, caller)
      const { memberId } = caller
      return {
        ...{ video, memberId, members: presence.members(videoId), messages: recent, seq, events, isSnapshot: false },
        answers: options.answers.inProgress(videoId),
        playback: { leader: null, atSeconds: 0, playing: false, rate: 1, clockMs: Date.now() },
        unread: { seq: 0, messages: 0, mentions: 0 },
      }
    },
    async 'room.leave'({ videoId }, caller) {
      await caller.leave(videoId)
      presence.leave(videoId, caller)
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
      notify(videoId, 'playhead', {
        videoId,
        playheads: [{ memberId: caller.memberId, name: caller.name, ...playhead }],
      })
      return {}
    },
    'clock.read': async () => ({ nowMs: Date.now() }),
  }
}

function requirePresence(caller: SocketCaller, videoId: VideoId): void {
  if (!caller.isIn(videoId)) throw new AppError('room.not_joined', 'Join the room first: room.join.')
}
