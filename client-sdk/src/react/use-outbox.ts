import { useEffect, useRef } from 'react'
import type { Room } from '../index.ts'
import { failingOf } from './failing.ts'
import type { PendingMessage, RoomAction, RoomState } from './room-state.ts'

export interface Joined {
  room: Room
  /** The name that it was joined under. */
  name: string
}

/** Sends what is pending, in order, once each, as soon as the room is there under its author's name. */
export function useOutbox(
  joined: Joined | null,
  { pending, connection }: RoomState,
  dispatch: (action: RoomAction) => void,
): void {
  const underWay = useRef(new Set<string>())
  useEffect(() => {
    if (!joined || connection !== 'live') return
    for (const item of pending) {
      if (item.failure || item.author !== joined.name || underWay.current.has(item.clientId)) continue
      underWay.current.add(item.clientId)
      void deliver(joined.room, item, dispatch).finally(() => underWay.current.delete(item.clientId))
    }
  }, [joined, connection, pending, dispatch])
}

async function deliver(room: Room, item: PendingMessage, dispatch: (action: RoomAction) => void): Promise<void> {
  const { clientId, kind, body, atSeconds } = item
  const place = atSeconds === null ? {} : { atSeconds }
  try {
    if (kind === 'message') dispatch({ type: 'message', message: await room.send({ body, clientId, ...place }) })
    else await askThrough(room, item)
    dispatch({ type: 'unsaid', clientId })
  } catch (fault) {
    dispatch({ type: 'refused', clientId, failure: failingOf(fault) })
  }
}

/** The parts come to everyone in the room as notices; here only a refusal matters. */
async function askThrough(room: Room, { body }: PendingMessage): Promise<void> {
  for await (const part of room.ask(body)) if (part.type !== 'done') return
}
