import { v7 as uuidv7 } from 'uuid'
import type { Message, MessageId } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Journal } from '../platform/journal/index.ts'
import { mentionsOf } from './change-messages.ts'
import type { FilmEnd } from './film-end.ts'
import { findStored, messageInsertion } from './queries.ts'

export type NewMessage = Pick<Message, 'videoId' | 'kind' | 'author' | 'clientId' | 'body'> &
  Partial<
    Pick<
      Message,
      'id' | 'authorId' | 'atSeconds' | 'endSeconds' | 'replyTo' | 'mentions' | 'citations' | 'engine' | 'usage'
    >
  >

/** Throws `video.not_found`, `message.not_found` for what it replies to. `isNew` is false for a message that was there already: then nothing was appended. */
export type StoreMessage = (message: NewMessage) => Promise<{ message: Message; isNew: boolean }>

export interface MessageStoreOptions {
  journal: Pick<Journal, 'groupedInsert'>
  database: Pick<Database, 'db'>
  filmEnd: Pick<FilmEnd, 'within'>
}

/** One statement for all who talk while the one before it runs. */
export function createMessageStore({ journal, database, filmEnd }: MessageStoreOptions): StoreMessage {
  const insert = journal.groupedInsert(messageInsertion)
  const store: (message: Message) => ReturnType<StoreMessage> = async message => {
    if (await insert(message)) return { message, isNew: true }
    const [stored] = await findStored(database.db, [message])
    if (stored) return { message: stored, isNew: false }
    if (message.replyTo && message.kind !== 'answer')
      throw new AppError('message.not_found', 'What it replies to is not in this room, or not any more.')
    throw new AppError('video.not_found', 'There is no such video.')
  }
  return given => {
    const message = complete(given)
    return filmEnd.within(message.videoId, message, held => store({ ...message, ...held }))
  }
}

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
  mentions: mentionsOf(message.mentions ?? []),
  createdAt: new Date().toISOString(),
})
