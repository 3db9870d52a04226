import { v7 as uuidv7 } from 'uuid'
import type { Message, MessageId } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'
import { AppError, fail } from '../platform/errors.ts'
import type { Journal } from '../platform/journal/index.ts'
import { mentionsOf } from './change-messages.ts'
import type { FilmEnd } from './film-end.ts'
import { findStored, type KeptMessage, messageInsertion } from './queries.ts'

export type NewMessage = Pick<KeptMessage, 'videoId' | 'kind' | 'author' | 'clientId' | 'sender' | 'body'> &
  Partial<
    Pick<
      Message,
      'id' | 'authorId' | 'atSeconds' | 'endSeconds' | 'replyTo' | 'mentions' | 'citations' | 'engine' | 'usage'
    >
  >

/**
 * Throws `video.not_found`, `message.not_found` for what it replies to, or when it was deleted. `isNew` is false for a
 * message that was there already: then nothing was appended.
 */
export type StoreMessage = (message: NewMessage) => Promise<{ message: Message; isNew: boolean }>

export interface MessageStoreOptions {
  journal: Pick<Journal, 'groupedInsert'>
  database: Pick<Database, 'db'>
  filmEnd: Pick<FilmEnd, 'within'>
}

/** One statement for all who talk while the one before it runs. */
export function createMessageStore({ journal, database, filmEnd }: MessageStoreOptions): StoreMessage {
  const insert = journal.groupedInsert(messageInsertion)
  const store = async (kept: KeptMessage): ReturnType<StoreMessage> => {
    const { sender: _, ...message } = kept
    if (await insert(kept)) return { message, isNew: true }
    const stored = await findStored(database.db, kept)
    if (stored?.isDeleted) throw new AppError('message.not_found', 'It was said before, and deleted since.')
    if (stored) return { message: shown(stored), isNew: false }
    if (message.replyTo)
      throw new AppError('message.not_found', 'What it replies to is not in this room, or not any more.')
    throw fail('video.not_found')
  }
  return given => {
    const message = complete(given)
    return filmEnd.within(message.videoId, message, held => store({ ...message, ...held }))
  }
}

const shown = ({ isDeleted: _, sender: __, ...message }: KeptMessage & { isDeleted: boolean }): Message => message

const complete = (message: NewMessage): KeptMessage => ({
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
