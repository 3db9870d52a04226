import { type VideoId, videoStream } from '../../shared/index.ts'
import { isFar, replayLimit } from '../platform/following/index.ts'
import { mustBeIn, type SocketCaller, type SocketHandlers } from '../platform/hub/index.ts'
import type { Watching } from './playback.ts'
import type { Playheads } from './playheads.ts'
import type { Presence } from './presence.ts'
import type { RoomsOptions } from './rooms.ts'
import type { Typing } from './typing.ts'

type Handled =
  | 'room.join'
  | 'room.leave'
  | 'room.replay'
  | 'typing.set'
  | 'playhead.set'
  | 'playback.lead'
  | 'playback.hand'
  | 'playback.release'
  | 'playback.follow'
  | 'clock.read'

interface Parts {
  presence: Presence
  playheads: Playheads
  typing: Typing
  watching: Watching
  nowMs: () => number
}

const recentMessages = 50

export function roomRequests(options: RoomsOptions, parts: Parts) {
  const { videos, journal, messages } = options
  const { presence, playheads, typing, watching, nowMs } = parts
  const left = (videoId: VideoId, caller: SocketCaller) => {
    presence.leave(videoId, caller)
    typing.leave(videoId, caller)
    watching.leave(videoId, caller)
  }

  const requests: Pick<SocketHandlers, Handled> = {
    // In this order: what is committed after entering arrives live; what `seq` counts is in all that is read after it.
    // Some of it may come twice then, and its number tells.
    async 'room.join'({ videoId, since }, caller) {
      await videos.get(videoId)
      await caller.enter(videoStream(videoId))
      const seq = await journal.head(videoStream(videoId))
      const [video, recent, events, unread] = await Promise.all([
        videos.get(videoId),
        messages.recent(videoId, recentMessages),
        since === undefined || isFar(since, seq) ? [] : journal.since(videoStream(videoId), since, replayLimit),
        messages.arrive(videoId, caller, seq),
      ])
      // Gone meanwhile: nobody would tell of its leaving any more.
      mustBeIn(videoStream(videoId), caller)
      presence.enter(videoId, caller)
      const { memberId } = caller
      // Nothing is waited for from here on: what changes after this comes as a notice after the answer.
      return {
        ...{ video, memberId, members: presence.members(videoId), messages: recent, seq, events },
        isSnapshot: since !== undefined && isFar(since, seq),
        answers: options.answers.inProgress(videoId),
        playback: watching.playback(videoId),
        unread,
      }
    },
    async 'room.leave'({ videoId }, caller) {
      await caller.leave(videoStream(videoId))
      left(videoId, caller)
      return {}
    },
    async 'room.replay'({ videoId, since, limit }) {
      return { events: await journal.since(videoStream(videoId), since, limit ?? replayLimit) }
    },
    async 'typing.set'({ videoId, typing: isTyping }, caller) {
      typing.set(videoId, caller, isTyping)
      return {}
    },
    async 'playhead.set'({ videoId, ...position }, caller) {
      playheads.set(videoId, caller, position)
      return {}
    },
    async 'playback.lead'({ videoId, ...place }, caller) {
      return { playback: watching.lead(videoId, caller, place) }
    },
    async 'playback.hand'({ videoId, to }, caller) {
      return { playback: watching.hand(videoId, caller, to) }
    },
    async 'playback.release'({ videoId }, caller) {
      return { playback: watching.release(videoId, caller) }
    },
    async 'playback.follow'({ videoId, following }, caller) {
      presence.follow(videoId, caller, following)
      return { playback: watching.playback(videoId) }
    },
    'clock.read': async () => ({ nowMs: nowMs() }),
  }
  return { requests, left }
}
