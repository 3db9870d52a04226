import type { Message, MessageId, VideoId } from '../../shared/index.ts'
import type { Note } from './note.ts'

/** Where notes come from: the talk, and what is found in films one day. */
export type NoteSource = (videoId: VideoId) => Promise<Note[]>

/** Comments that have a place in the film, each with what replies to it; a reply with a place of its own is one too. */
export const talkNotes =
  (comments: (videoId: VideoId) => Promise<Message[]>): NoteSource =>
  async videoId =>
    notesOf(await comments(videoId))

export function notesOf(messages: readonly Message[]): Note[] {
  const byId = new Map(messages.map(message => [message.id, message]))
  const replies = Map.groupBy(
    messages.filter(message => message.atSeconds === null),
    message => noteAbove(message, byId),
  )
  return messages.flatMap(({ id, atSeconds, endSeconds, body, author, reactions, createdAt }) =>
    atSeconds === null
      ? []
      : {
          ...{ kind: 'comment' as const, startSeconds: atSeconds, endSeconds, title: null },
          ...{ text: body, author, reactions, createdAt },
          replies: (replies.get(id) ?? []).map(reply => ({ author: reply.author, text: reply.body })),
        },
  )
}

/** A reply may reply to a reply: the first with a place is what all of them are about. */
function noteAbove(reply: Message, byId: ReadonlyMap<MessageId, Message>): MessageId | undefined {
  const seen = new Set<MessageId>()
  let above = reply.replyTo === null ? undefined : byId.get(reply.replyTo)
  while (above && above.atSeconds === null && !seen.has(above.id)) {
    seen.add(above.id)
    above = above.replyTo === null ? undefined : byId.get(above.replyTo)
  }
  return above?.atSeconds == null ? undefined : above.id
}
