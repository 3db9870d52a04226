import type { Member, Message, RoomEvent, SocketAnswers, Video } from '../../../shared/index.ts'
import type { Link } from './link.ts'
import type { Listeners } from './listeners.ts'
import { messagesAfter, withMessage } from './messages-after.ts'
import type { RoomListenerArgs, RoomListenerType } from './room.ts'
import { videoAfter, videoWithProgress } from './video-after.ts'

/** What is known of a room, and who is told when it changes. */
export interface RoomState {
  readonly video: Video
  readonly memberId: string
  readonly members: Member[]
  readonly messages: Message[]
  joined(answer: SocketAnswers['room.join']): void
  apply(event: RoomEvent): void
}

interface Known {
  video: Video
  memberId: string
  members: Member[]
  messages: Message[]
}

const passedOn = ['answer.started', 'answer.delta', 'answer.done', 'answer.failed', 'typing', 'playhead'] as const

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
    const changed = new Set([...notice.left, ...notice.joined.map(member => member.id)])
    known = { ...known, members: [...known.members.filter(({ id }) => !changed.has(id)), ...notice.joined] }
    emit('presence', notice)
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
    get messages() {
      return current().messages
    },
    joined({ video, memberId, members, messages, isSnapshot }) {
      known = {
        video,
        memberId,
        members,
        messages: messages.reduce(withMessage, isSnapshot ? [] : (known?.messages ?? [])),
      }
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
