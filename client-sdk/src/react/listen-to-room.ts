import type { Room } from '../index.ts'
import type { Answers } from './answers.ts'
import type { Company } from './company.ts'
import { failingOf } from './failing.ts'
import type { Outgoing } from './outgoing.ts'
import type { RoomPhase, RoomState } from './room-state.ts'
import { withSegments } from './segments.ts'
import type { Store } from './store.ts'
import type { Talk } from './talk.ts'

export interface RoomParts {
  store: Store<RoomState>
  company: Company
  talk: Talk
  answers: Answers
  outgoing: Outgoing
}

/** Keeps the state as the room is, until the returned function is called. */
export function listenToRoom(room: Room, parts: RoomParts): () => void {
  const { store, company, talk, answers } = parts
  const stopping = new AbortController()
  const refresh = () => {
    // The fact that deletes a video is followed by the room as it was.
    if (stopping.signal.aborted || store.get().phase === 'deleted') return
    const { video, memberId, playback, unread } = room
    const shown = talk.view(room)
    const common = { phase: 'joined', failure: null, room, video, memberId, playback, unread } as const
    const pending = parts.outgoing.without(shown.messages)
    store.set({ ...common, ...shown, pending, ...company.view(room), ...answers.view(room) })
  }
  const later = coalesced(refresh)
  const close = (phase: RoomPhase, failure: RoomState['failure']) => store.set({ phase, failure })
  const stops = [
    ...listenToTalk(room, parts),
    ...(['event', 'presence', 'playback', 'unread', 'answer.started', 'answer.delta', 'answer.done'] as const).map(
      type => room.on(type, later),
    ),
    room.on('answer.failed', notice => {
      answers.onFailed(notice)
      later()
    }),
    room.on('progress', ({ stage, etaSeconds }) => {
      const { [stage]: _, ...etas } = store.get().etas
      store.set({ etas: etaSeconds === undefined ? etas : { ...etas, [stage]: etaSeconds } })
      later()
    }),
    room.on('watching', watching => store.set({ watching })),
    room.on('playhead', company.moved),
    room.on('typing', notice => notice.memberId !== room.memberId && company.onTyping(notice)),
    room.on('status', status => {
      store.set({ status, statusSince: Date.now() })
      if (status === 'live') refresh()
      else company.forget()
    }),
    room.on('video.deleted', () => close('deleted', null)),
    room.on('closed', reason => {
      const isGone = reason.code === 'video.not_found'
      close(isGone ? 'deleted' : 'failed', isGone ? null : failingOf(reason))
    }),
  ]
  store.set({ status: room.status, statusSince: Date.now(), watching: { as: room.watching, reason: 'asked' } })
  refresh()
  return () => {
    stopping.abort()
    for (const stop of stops) stop()
  }
}

function listenToTalk(room: Room, { store, company, talk }: RoomParts): (() => void)[] {
  return [
    room.on('message.created', ({ message }) => company.onSaid(message.authorId)),
    room.on('message.edited', talk.onEdited),
    room.on('message.deleted', talk.onDeleted),
    room.on('message.reacted', talk.onReacted),
    room.on('snapshot', talk.onSnapshot),
    room.on('transcript.segments', ({ segments }) =>
      store.set({ segments: withSegments(store.get().segments, segments) }),
    ),
    room.on('transcript.ready', () => store.set({ transcripts: store.get().transcripts + 1 })),
  ]
}

/** Once for all that comes in one frame. */
function coalesced(act: () => void): () => void {
  let isDue = false
  return () => {
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
      isDue = false
      act()
    })
  }
}
