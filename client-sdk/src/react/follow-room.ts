import type { Room } from '../index.ts'
import { failingOf } from './failing.ts'
import type { RoomAction, RoomState } from './room-state.ts'

type Dispatch = (action: RoomAction) => void

/** Turns what a room says into changes of the state, until the returned function is called. */
export function followRoom(room: Room, dispatch: Dispatch): () => void {
  const changed = () =>
    dispatch({ type: 'changed', room: { video: room.video, members: room.members, messages: room.messages } })
  const others = (memberId: string) => memberId !== room.memberId
  const stops = [
    room.on('event', changed),
    room.on('presence', changed),
    room.on('progress', changed),
    room.on('transcript.segments', ({ segments }) => dispatch({ type: 'segments', segments })),
    room.on('typing', notice => others(notice.memberId) && dispatch({ type: 'typing', notice })),
    room.on('playhead', ({ playheads }) => {
      for (const playhead of playheads) if (others(playhead.memberId)) dispatch({ type: 'playhead', playhead })
    }),
    room.on('answer.started', ({ answerId }) => dispatch({ type: 'answer', answerId })),
    room.on('answer.delta', ({ answerId, text }) => dispatch({ type: 'answer', answerId, text })),
    room.on('answer.failed', ({ answerId, error }) => dispatch({ type: 'answer', answerId, failure: error })),
    room.on('status', status => {
      dispatch({ type: 'connection', connection: connectionOf(status) })
      if (status === 'live') changed()
    }),
    room.on('video.deleted', () => dispatch({ type: 'closed', phase: 'deleted', failure: null })),
    room.on('closed', reason => {
      const phase = reason.code === 'video.not_found' ? 'deleted' : 'failed'
      dispatch({ type: 'closed', phase, failure: failingOf(reason) })
    }),
  ]
  changed()
  dispatch({ type: 'connection', connection: connectionOf(room.status) })
  return () => {
    for (const stop of stops) stop()
  }
}

const connectionOf = (status: Room['status']): RoomState['connection'] =>
  status === 'offline' ? 'reconnecting' : 'live'
