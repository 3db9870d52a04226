import type { MessageId, RoomEvent, SocketAnswers, SocketRequestInput, Unread } from '../../../shared/index.ts'
import { newClientId } from '../client-id.ts'
import { whenAllowed } from '../when-allowed.ts'
import type { Link } from './link.ts'
import type { Listeners } from './listeners.ts'
import type { Outbox } from './outbox.ts'
import { createReadReports } from './read-reports.ts'
import type { MessageDraft, Room, RoomListenerArgs } from './room.ts'
import { createUnread } from './unread.ts'

/** What people say in a room, and how much of it was not seen yet. */
export interface RoomTalk extends Pick<Room, 'send' | 'edit' | 'delete' | 'react' | 'markRead'> {
  readonly unread: Unread
  joined(answer: SocketAnswers['room.join']): void
  /** Each event once, in order, after the room's listeners had it. */
  met(event: RoomEvent): void
  /** The room is joined, again perhaps. */
  resume(): void
  end(): void
}

export interface RoomTalkOptions {
  videoId: string
  link: Pick<Link, 'request' | 'onNotice' | 'isConnected'>
  outbox: Pick<Outbox, 'send'>
  listeners: Pick<Listeners<RoomListenerArgs>, 'emit'>
  /** Number of the last event that was handed out. */
  seq: () => number
}

export function createRoomTalk({ videoId, link, outbox, listeners, seq }: RoomTalkOptions): RoomTalk {
  const unread = createUnread(now => listeners.emit('unread', now))
  const reports = createReadReports(async upTo => void (await link.request('room.read', { videoId, seq: upTo })))
  link.onNotice('read', notice => {
    if (notice.videoId !== videoId || notice.memberId !== unread.memberId) return
    unread.seen(notice.seq)
    listeners.emit('read', notice)
  })

  return {
    get unread() {
      return unread.now
    },
    joined: unread.joined,
    met: unread.met,
    resume: reports.resume,
    end: reports.end,
    async send(draft, { signal } = {}) {
      return (await outbox.send('message.send', payloadOf(videoId, draft), signal)).message
    },
    async edit(messageId, change, options) {
      const payload = { videoId, messageId: messageId as MessageId, ...given(change) }
      return (await whenAllowed(() => link.request('message.edit', payload), options)).message
    },
    async delete(messageId, options) {
      await whenAllowed(() => link.request('message.delete', { videoId, messageId: messageId as MessageId }), options)
    },
    async react(messageId, emoji, on = true) {
      const payload = { videoId, messageId: messageId as MessageId, emoji, on }
      return (await whenAllowed(() => link.request('message.react', payload))).message
    },
    markRead() {
      unread.seen(seq())
      reports.report(seq())
    },
  }
}

function payloadOf(videoId: string, draft: MessageDraft): SocketRequestInput<'message.send'> {
  const { body, clientId = newClientId(), replyTo, ...rest } = draft
  return { videoId, clientId, body, ...given({ ...rest, replyTo: replyTo as MessageId | undefined }) }
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Without what is undefined. */
const given = <T extends object>(all: T): Given<T> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given<T>
