import { v7 as uuidv7 } from 'uuid'
import type { Message, MessageId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Journal } from '../platform/journal/index.ts'
import { mentionsOf } from './change-messages.ts'
import { findStored, insertMessages, type SenderKey } from './queries.ts'
import { storableText } from './storable-text.ts'

export type NewMessage = Pick<Message, 'videoId' | 'kind' | 'author' | 'clientId' | 'body'> &
  Partial<
    Pick<
      Message,
      'id' | 'authorId' | 'atSeconds' | 'endSeconds' | 'replyTo' | 'mentions' | 'citations' | 'engine' | 'usage'
    >
  >

/** Throws `video.not_found`, `message.not_found` for what it replies to. `isNew` is false for a message that was there already: then nothing was appended. */
export type StoreMessage = (message: NewMessage) => Promise<{ message: Message; isNew: boolean }>

/** One insert and one commit for all who talk while the commit before them runs. */
export function createMessageStore(journal: Pick<Journal, 'grouped'>): StoreMessage {
  const write = journal.grouped<Message, { message: Message; isNew: boolean } | undefined>(
    async (tx, given, append) => {
      const inserted = await insertMessages(tx, given)
      for (const message of given) if (inserted.has(message.id)) append(message.videoId, 'message.created', { message })
      const left = given.filter(message => !inserted.has(message.id))
      const known = left.length > 0 ? await findStored(tx, left) : []
      return given.map(message => {
        if (inserted.has(message.id)) return { message, isNew: true }
        const stored = known.find(each => isSame(each, message))
        return stored && { message: stored, isNew: false }
      })
    },
  )

  return async message => {
    const written = await write(complete(message))
    if (written) return written
    if (message.replyTo && message.kind !== 'answer')
      throw new AppError('message.not_found', 'What it replies to is not in this room, or not any more.')
    throw new AppError('video.not_found', 'There is no such video.')
  }
}

const isSame = (stored: SenderKey & { id: MessageId }, wanted: SenderKey & { id: MessageId }): boolean =>
  stored.id === wanted.id ||
  (wanted.clientId !== null &&
    stored.clientId === wanted.clientId &&
    stored.author === wanted.author &&
    stored.videoId === wanted.videoId)

const complete = (message: NewMessage): Message => ({
  id: uuidv7() as MessageId,
  authorId: null,
  atSeconds: null,
  endSeconds: null,
  replyTo: null,
  reactions: [],
  citations: [],
  engine: null,
  usage: null,
  editedAt: null,
  ...message,
  author: storableText(message.author),
  clientId: message.clientId === null ? null : storableText(message.clientId),
  body: storableText(message.body),
  mentions: mentionsOf(message.mentions ?? []),
  createdAt: new Date().toISOString(),
})
