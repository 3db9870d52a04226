import type { Message, RoomEvent } from '../../../shared/index.ts'

/** The talk as it is after a fact of its room; the same array when that changes nothing in it. */
export function messagesAfter(messages: Message[], { type, payload }: RoomEvent): Message[] {
  switch (type) {
    case 'message.created':
      return isForgotten(payload.message) ? messages : withMessage(messages, payload.message)
    case 'message.edited':
      return isForgotten(payload.message) ? messages : changed(messages, payload.message.id, () => payload.message)
    case 'message.reacted':
      return changed(messages, payload.messageId, message => ({ ...message, reactions: payload.reactions }))
    case 'message.deleted':
      return messages.some(({ id }) => id === payload.messageId)
        ? messages.filter(({ id }) => id !== payload.messageId)
        : messages
    default:
      return messages
  }
}

/** The log kept no words of it: that it was deleted comes later in the same log. */
export const isForgotten = ({ kind, body }: Message): boolean => kind !== 'answer' && body === ''

/** In order of time, once each. */
export function withMessage(messages: Message[], message: Message): Message[] {
  if (messages.some(each => each.id === message.id)) return messages
  const before = messages.findLastIndex(each => each.createdAt <= message.createdAt)
  return [...messages.slice(0, before + 1), message, ...messages.slice(before + 1)]
}

/** What is not among the messages is older than they are. */
function changed(messages: Message[], id: string, change: (message: Message) => Message): Message[] {
  if (!messages.some(each => each.id === id)) return messages
  return messages.map(each => (each.id === id ? change(each) : each))
}
