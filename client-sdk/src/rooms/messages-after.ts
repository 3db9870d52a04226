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
export const isForgotten = ({ body }: Message): boolean => body === ''

/** The log's order is the talk's: what comes is the newest. */
const withMessage = (messages: Message[], message: Message): Message[] =>
  messages.some(each => each.id === message.id) ? messages : [...messages, message]

/** What was known before, and the newest page as a later joining gave it: none twice, in the log's order. */
export function withPage(messages: Message[], page: readonly Message[]): Message[] {
  const known = new Map(messages.map(message => [message.id, message]))
  const onPage = new Set(page.map(({ id }) => id))
  // Beyond the last that both have is what was said since, and heard of before the answer came.
  const common = messages.findLastIndex(({ id }) => onPage.has(id)) + 1 || messages.length
  // What the page leaves out before that is older than it, or deleted: that comes later in the log.
  const older = messages.slice(0, common).filter(({ id }) => !onPage.has(id))
  return [...older, ...page.map(message => known.get(message.id) ?? message), ...messages.slice(common)]
}

/** What is not among the messages is older than they are. */
function changed(messages: Message[], id: string, change: (message: Message) => Message): Message[] {
  if (!messages.some(each => each.id === id)) return messages
  return messages.map(each => (each.id === id ? change(each) : each))
}
