import type { Message, RoomEvent, SocketAnswers, Unread } from '../../../shared/index.ts'
import { isForgotten } from './messages-after.ts'

/** What this person has not seen, kept current by the room's events. Pure: telling the server is its owner's part. */
export interface UnreadCount {
  readonly now: Unread
  /** Who this person is; undefined before joining. */
  readonly memberId: string | undefined
  joined(answer: Joining): void
  met(event: RoomEvent): void
  /** Everything up to `seq` was seen. */
  seen(seq: number): void
}

type Joining = Pick<SocketAnswers['room.join'], 'memberId' | 'seq'> &
  Partial<Pick<SocketAnswers['room.join'], 'unread'>>

interface Waiting {
  seq: number
  id: string
  mentionsMe: boolean
}

const most = 999

export function createUnread(onChanged: (now: Unread) => void): UnreadCount {
  /** Without a person's key each connection is somebody else, who is the same person here. */
  const mine = new Set<string>()
  let memberId: string | undefined
  let seq = 0
  /** Counted by the server when joining, up to there; what comes after is `waiting`. */
  let counted = { upTo: 0, messages: 0, mentions: 0 }
  let waiting: Waiting[] = []
  let now: Unread = { seq: 0, messages: 0, mentions: 0 }

  const change = () => {
    const messages = Math.min(most, counted.messages + waiting.length)
    const mentions = Math.min(most, counted.mentions + waiting.filter(each => each.mentionsMe).length)
    const isSame = now.seq === seq && now.messages === messages && now.mentions === mentions
    if (isSame) return
    now = { seq, messages, mentions }
    onChanged(now)
  }
  const speaksToMe = ({ mentions }: Message) => mentions.some(id => mine.has(id))

  const take = (event: RoomEvent) => {
    if (event.type === 'message.created') {
      const { message } = event.payload
      const isOwn = message.authorId !== null && mine.has(message.authorId)
      if (event.seq <= Math.max(seq, counted.upTo) || isOwn || isForgotten(message)) return
      if (waiting.length < most) waiting.push({ seq: event.seq, id: message.id, mentionsMe: speaksToMe(message) })
    } else if (event.type === 'message.edited') {
      const { message } = event.payload
      waiting = waiting.map(each => (each.id === message.id ? { ...each, mentionsMe: speaksToMe(message) } : each))
    } else if (event.type === 'message.deleted') {
      waiting = waiting.filter(each => each.id !== event.payload.messageId)
    }
  }

  return {
    get now() {
      return now
    },
    get memberId() {
      return memberId
    },
    joined(answer) {
      const isNobodyElse = memberId === undefined || memberId === answer.memberId
      memberId = answer.memberId
      mine.add(memberId)
      // The server knows nothing of somebody who came back without a key: what was counted here goes on.
      if (!isNobodyElse) return
      // Servers that count nothing have seen everything.
      const { messages, mentions, seq: mark } = answer.unread ?? { seq: answer.seq, messages: 0, mentions: 0 }
      // What was seen here was not told yet: what is known here goes on, and what was missed comes as events.
      if (mark < seq) return
      counted = { upTo: answer.seq, messages, mentions }
      seq = mark
      // What was said after the server counted may have come before its answer.
      waiting = waiting.filter(each => each.seq > counted.upTo)
      change()
    },
    met(event) {
      take(event)
      change()
    },
    seen(upTo) {
      if (upTo <= seq) return
      seq = upTo
      // Of those that the server counted it is not known which: they stay until all of them were seen.
      if (upTo >= counted.upTo) counted = { upTo, messages: 0, mentions: 0 }
      waiting = waiting.filter(each => each.seq > upTo)
      change()
    },
  }
}
