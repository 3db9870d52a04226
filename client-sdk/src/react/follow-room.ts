import type { Room } from '../index.ts'
import { failingOf } from './failing.ts'
import type { RoomAction } from './room-state.ts'

/** Turns what a room says into changes of the state, until the returned function is called. */
export function followRoom(room: Room, dispatch: (action: RoomAction) => void): () => void {
  const stops = [
    room.on('event', event => dispatch({ type: 'event', event })),
    room.on('presence', ({ members }) => dispatch({ type: 'members', members })),
    room.on('progress', ({ stage, percent }) => dispatch({ type: 'progress', stage, percent })),
    room.on('typing', notice => dispatch({ type: 'typing', notice })),
    room.on('playhead', notice => dispatch({ type: 'playhead', notice })),
    room.on('answer.started', ({ answerId }) => dispatch({ type: 'answer_started', answerId })),
    room.on('answer.delta', ({ answerId, text }) => dispatch({ type: 'answer_delta', answerId, text })),
    room.on('answer.done', ({ message }) => dispatch({ type: 'message', message })),
    room.on('answer.failed', ({ answerId, error }) => dispatch({ type: 'answer_failed', answerId, failure: error })),
    room.on('status', status => dispatch({ type: 'connection', connection: status })),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
