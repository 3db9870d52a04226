import type { Member, Message, Playback, RoomEvent, SocketAnswers, Video } from '../../../shared/index.ts'
import type { Link } from './link.ts'
import type { Listeners } from './listeners.ts'
import { differenceOf, withPlayheads, withPresence } from './members.ts'
import { messagesAfter, withPage } from './messages-after.ts'
import type { RoomListenerArgs, RoomListenerType } from './room.ts'
import { videoAfter, videoWithProgress } from './video-after.ts'

/** What is known of a room, and who is told when it changes. */
export interface RoomState {
  readonly video: Video
  readonly memberId: string
  readonly members: Member[]
  readonly playback: Playback
  readonly messages: Message[]
  /** From an answer; the notice of it follows. */
  setPlayback(playback: Playback): void
  joined(answer: SocketAnswers['room.join']): void
  apply(event: RoomEvent): void
}

interface Known {
  video: Video
  memberId: string
  members: Member[]
  playback: Playback
  messages: Message[]
}

const passedOn = ['answer.started', 'answer.delta', 'answer.done', 'answer.failed', 'typing'] as const

export function createRoomState(
  videoId: string,
  link: Pick<Link, 'onNotice'>,
  listeners: Listeners<RoomListenerArgs>,
): RoomState {
  let known: Known | null = null
  const current = (): Known => {
    if (!known) throw new Error('The room has not been joined yet.')
    return known
  }
  const emit = listeners.emit as (type: RoomListenerType, ...args: unknown[]) => void

  link.onNotice('progress', notice => {
    if (notice.videoId !== videoId || !known) return
    known = { ...known, video: videoWithProgress(known.video, notice) }
    emit('progress', notice)
  })
  link.onNotice('presence', notice => {
    if (notice.videoId !== videoId || !known) return
    known = { ...known, members: withPresence(known.members, notice) }
    emit('presence', notice)
  })
  link.onNotice('playhead', notice => {
    if (notice.videoId !== videoId || !known) return
    known = { ...known, members: withPlayheads(known.members, notice.playheads) }
    emit('playhead', notice)
  })
  link.onNotice('playback', notice => {
    if (notice.videoId !== videoId || !known) return
    known = { ...known, playback: notice.playback }
    emit('playback', notice)
  })
  for (const name of passedOn) {
    link.onNotice(name, notice => void (notice.videoId === videoId && known && emit(name, notice)))
  }

  return {
    get video() {
      return current().video
    },
    get memberId() {
      return current().memberId
    },
    get members() {
      return current().members
    },
    get playback() {
      return current().playback
    },
    get messages() {
      return current().messages
    },
    setPlayback(playback) {
      known = { ...current(), playback }
    },
    joined({ video, memberId, members, playback, messages, isSnapshot }) {
      const before = known
      known = {
        video,
        memberId,
        members,
        playback,
        messages: isSnapshot ? messages : withPage(before?.messages ?? [], messages),
      }
      if (!before) return
      // What happened while there was no connection.
      const missed = differenceOf(before.members, members)
      if (missed.joined.length + missed.left.length > 0) emit('presence', { videoId: video.id, ...missed })
      emit('playback', { videoId: video.id, playback })
    },
    apply(event) {
      const { video, members, messages } = current()
      known = {
        ...current(),
        members,
        video: videoAfter(video, event),
        messages: messagesAfter(messages, event),
      }
      emit(event.type, event.payload, event)
      emit('event', event)
    },
  }
}
