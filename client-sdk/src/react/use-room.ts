import { useCallback, useEffect, useReducer, useState } from 'react'
import type { Room, Rushes } from '../index.ts'
import { failingOf } from './failing.ts'
import { followRoom } from './follow-room.ts'
import { useRushes } from './provider.tsx'
import { emptyRoom, type PendingMessage, type RoomAction, type RoomState, reduceRoom } from './room-state.ts'
import { type Joined, useOutbox } from './use-outbox.ts'

/** What a person says: `atSeconds` ties it to a second of the film. */
export interface Saying {
  body: string
  author: string
  atSeconds?: number
}

export interface RoomHandle {
  state: RoomState
  /** Shown at once, sent when the connection is there. */
  send: (saying: Saying) => void
  /** A question to the film; its answer comes into `state.answers`, then `state.messages`. */
  ask: (saying: Saying) => void
  retry: (clientId: string) => void
  discard: (clientId: string) => void
  setTyping: (typing: boolean) => void
  setPlayhead: (playhead: { atSeconds: number; playing: boolean; rate: number }) => void
  /** After the joining failed. */
  rejoin: () => void
}

/** Joins the room of a video under a name, and leaves it with the component. Another name joins again. */
export function useRoom(videoId: string, name: string): RoomHandle {
  const rushes = useRushes()
  const [state, dispatch] = useReducer(reduceRoom, emptyRoom)
  const [attempt, setAttempt] = useState(0)
  const [joined, setJoined] = useState<Joined | null>(null)
  const room = joined?.room ?? null

  // `attempt` counts how often someone asked to try again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => stayInRoom({ rushes, videoId, name, dispatch, setJoined }), [rushes, videoId, name, attempt])
  useOutbox(joined, state, dispatch)

  const say = (
    kind: PendingMessage['kind'],
    { body, author, atSeconds = null }: Omit<Saying, 'atSeconds'> & { atSeconds?: number | null },
  ) => {
    dispatch({ type: 'said', item: { clientId: uniqueId(), kind, author, body, atSeconds, failure: null } })
  }
  return {
    state,
    send: saying => say('message', saying),
    ask: saying => say('question', saying),
    retry: clientId => dispatch({ type: 'refused', clientId, failure: null }),
    discard: clientId => dispatch({ type: 'unsaid', clientId }),
    setTyping: useCallback(typing => room?.typing(typing), [room]),
    setPlayhead: useCallback(playhead => room?.playhead(playhead), [room]),
    rejoin: useCallback(() => setAttempt(count => count + 1), []),
  }
}

interface Stay {
  rushes: Rushes
  videoId: string
  name: string
  dispatch: (action: RoomAction) => void
  setJoined: (joined: Joined | null) => void
}

/** Returns how to leave, whether or not the joining is done. */
function stayInRoom({ rushes, videoId, name, dispatch, setJoined }: Stay): () => void {
  let leave: (() => void) | undefined
  let left = false
  rushes.rooms.join(videoId, { name }).then(
    room => {
      if (left) return room.leave()
      const unfollow = followRoom(room, dispatch)
      leave = () => {
        unfollow()
        room.leave()
      }
      const { video, members, messages } = room
      dispatch({ type: 'joined', video, members, messages })
      setJoined({ room, name })
    },
    fault => left || dispatch({ type: 'join_failed', failure: failingOf(fault) }),
  )
  return () => {
    left = true
    setJoined(null)
    leave?.()
  }
}

/** Not `crypto.randomUUID`: that one is missing on plain http away from loopback. */
const uniqueId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(3)), part => part.toString(36)).join('')
