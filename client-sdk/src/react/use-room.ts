import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { newClientId, type Room, type Rushes } from '../index.ts'
import { failingOf } from './failing.ts'
import { followRoom } from './follow-room.ts'
import { useRushes } from './provider.tsx'
import { emptyRoom, type PendingMessage, type RoomAction, type RoomState, reduceRoom } from './room-state.ts'
import { useEarlier } from './use-earlier.ts'

/** What a person says. */
export interface Saying {
  body: string
  author: string
  /** Ties it to a second of the film. */
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
  /** Brings the page of talk before the first message; null when there is none. */
  loadEarlier: (() => Promise<void>) | null
  /** After the joining failed. */
  rejoin: () => void
}

interface Joined {
  room: Room
  /** The name that it was joined under. */
  name: string
}
type Dispatch = (action: RoomAction) => void

/** Joins the room of a video under a name, and leaves it with the component. Another name joins again. */
export function useRoom(videoId: string, name: string): RoomHandle {
  const rushes = useRushes()
  const [state, dispatch] = useReducer(reduceRoom, emptyRoom)
  const [attempt, setAttempt] = useState(0)
  const [joined, setJoined] = useState<Joined | null>(null)

  // `attempt` counts how often someone asked to try again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => stayInRoom({ rushes, videoId, name, dispatch, setJoined }), [rushes, videoId, name, attempt])
  useDelivery(joined, state.pending, dispatch)
  const { messages, loadEarlier } = useEarlier(videoId, state.messages)

  const say = (kind: PendingMessage['kind'], { body, author, atSeconds }: Saying) => {
    const item = { clientId: newClientId(), kind, author, body, atSeconds: atSeconds ?? null, failure: null }
    dispatch({ type: 'said', item })
  }
  const room = joined?.room
  return {
    state: { ...state, messages },
    loadEarlier,
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
  dispatch: Dispatch
  setJoined: (joined: Joined | null) => void
}

/** Returns how to leave, whether or not the joining is done. */
function stayInRoom({ rushes, videoId, name, dispatch, setJoined }: Stay): () => void {
  const leaving = new AbortController()
  rushes.rooms.join(videoId, { name, signal: leaving.signal }).then(
    room => {
      if (leaving.signal.aborted) return room.leave()
      const unfollow = followRoom(room, dispatch)
      leaving.signal.addEventListener('abort', () => {
        unfollow()
        room.leave()
      })
      setJoined({ room, name })
    },
    fault => {
      if (leaving.signal.aborted) return
      const failure = failingOf(fault)
      // An address that is no id at all is as missing as an id that nothing has.
      const phase = ['video.not_found', 'request.invalid'].includes(failure.code) ? 'missing' : 'failed'
      dispatch({ type: 'closed', phase, failure })
    },
  )
  return () => {
    leaving.abort()
    setJoined(null)
  }
}

/** Hands what is pending to the room, once each, as soon as it is joined under its author's name. */
function useDelivery(joined: Joined | null, pending: PendingMessage[], dispatch: Dispatch): void {
  const underWay = useRef(new Set<string>())
  useEffect(() => {
    if (!joined) return
    for (const item of pending) {
      if (item.failure || item.author !== joined.name || underWay.current.has(item.clientId)) continue
      underWay.current.add(item.clientId)
      void deliver(joined.room, item, dispatch).finally(() => underWay.current.delete(item.clientId))
    }
  }, [joined, pending, dispatch])
}

/** It stops being pending when it comes back as a message of the room. */
async function deliver(
  room: Room,
  { clientId, kind, body, atSeconds }: PendingMessage,
  dispatch: Dispatch,
): Promise<void> {
  const place = atSeconds === null ? {} : { atSeconds }
  try {
    if (kind === 'message') await room.send({ body, clientId, ...place })
    else await room.ask(body, { clientId, ...place }).message()
  } catch (fault) {
    // For a question that was taken, this finds nothing pending: the answer says itself that it failed.
    dispatch({ type: 'refused', clientId, failure: failingOf(fault) })
  }
}
