import type { Message, Unread } from '../index.ts'
import { useRoomActions, useRoomState } from './room-provider.tsx'
import type { PendingMessage } from './room-state.ts'
import type { RoomActions } from './room-store.ts'

export interface Messages extends Pick<RoomActions, 'send' | 'retry' | 'discard' | 'edit' | 'remove' | 'react'> {
  /** All that is loaded, in order of time, with what was changed here a moment ago. */
  messages: readonly Message[]
  /** Said here and not with the server yet, or refused by it. Shown after the messages. */
  pending: readonly PendingMessage[]
  /** Brings the page before the first message; null when there is none. */
  loadEarlier: (() => Promise<void>) | null
}

/** What is said in the room. What one does oneself shows at once, and is put back when it is refused. */
export function useMessages(): Messages {
  const { send, retry, discard, edit, remove, react, loadEarlier } = useRoomActions()
  const { hasEarlier, ...talk } = useRoomState(({ messages, pending, hasEarlier }) => ({
    ...{ messages, pending, hasEarlier },
  }))
  return { ...talk, send, retry, discard, edit, remove, react, loadEarlier: hasEarlier ? loadEarlier : null }
}

/** What one has not seen yet, in this tab or another; `markRead` says that all of it was. */
export function useUnread(): Unread & Pick<RoomActions, 'markRead'> {
  const { markRead } = useRoomActions()
  return { ...useRoomState(state => state.unread), markRead }
}
