import { type Message, newClientId, type Room } from '../index.ts'
import { failingOf } from './failing.ts'
import { keptUnsent } from './kept-unsent.ts'
import type { PendingMessage, RoomState, Saying } from './room-state.ts'
import type { Store } from './store.ts'

/** What is said here, until the server has it. */
export interface Outgoing {
  /** Shown at once, sent when the connection is there. Answers its `clientId`. */
  say(kind: PendingMessage['kind'], saying: Saying): string
  retry(clientId: string): void
  discard(clientId: string): void
  /** The room to send to, joined under a name; null without one. */
  sendTo(room: Room | null, name: string): void
  /** What is pending beside these messages. */
  without(messages: readonly Message[]): readonly PendingMessage[]
}

export function createOutgoing(store: Store<RoomState>, videoId: string): Outgoing {
  const kept = keptUnsent(videoId)
  const underWay = new Set<string>()
  let target: { room: Room | null; name: string } = { room: null, name: '' }
  store.set({ pending: kept.read() })
  /** What an earlier page left is said under the name that one has now. */
  let isRestored = true

  const set = (pending: readonly PendingMessage[]) => {
    kept.write(pending)
    store.set({ pending })
    for (const item of pending) void deliver(item)
  }
  const change = (clientId: string, failure: PendingMessage['failure']) =>
    set(store.get().pending.map(item => (item.clientId === clientId ? { ...item, failure } : item)))
  const drop = (clientId: string) => set(store.get().pending.filter(item => item.clientId !== clientId))

  /** Under its author's name, once at a time. It stops being pending when it comes back as a message of the room. */
  const deliver = async (item: PendingMessage) => {
    const { room, name } = target
    if (!room || item.failure || item.author !== name || underWay.has(item.clientId)) return
    underWay.add(item.clientId)
    try {
      await sendOrAsk(room, item)
    } catch (fault) {
      // Of a question that was taken nothing is pending any more: the answer says itself that it failed. And a room
      // that was left has not refused anything.
      if (target.room === room) change(item.clientId, failingOf(fault))
    } finally {
      underWay.delete(item.clientId)
      if (target.room !== room) set(store.get().pending)
    }
  }

  return {
    say(kind, { body, author = target.name, atSeconds = null, endSeconds = null, replyTo = null, mentions = [] }) {
      const clientId = newClientId()
      const about = { atSeconds, endSeconds, replyTo, mentions }
      set([...store.get().pending, { clientId, kind, author, body, ...about, failure: null }])
      return clientId
    },
    retry: clientId => change(clientId, null),
    discard: drop,
    sendTo(room, name) {
      target = { room, name }
      const { pending } = store.get()
      set(isRestored ? pending.map(item => ({ ...item, author: name })) : pending)
      isRestored = false
    },
    without(messages) {
      const { pending } = store.get()
      if (pending.length === 0) return pending
      const sent = new Set(messages.map(message => message.clientId))
      const left = pending.filter(item => !sent.has(item.clientId))
      if (left.length === pending.length) return pending
      kept.write(left)
      return left
    },
  }
}

async function sendOrAsk(room: Room, item: PendingMessage): Promise<void> {
  const { clientId, kind, body } = item
  const atSeconds = item.atSeconds ?? undefined
  const endSeconds = item.endSeconds ?? undefined
  const replyTo = item.replyTo ?? undefined
  const mentions = item.mentions.length > 0 ? item.mentions : undefined
  if (kind === 'message') await room.send({ body, clientId, atSeconds, endSeconds, replyTo, mentions })
  else await room.ask(body, { clientId, atSeconds, endSeconds }).message()
}
