import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { AskQuestion, MemberId, Message, MessageId } from '../../shared/index.ts'
import type { Database, Queryable } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import type { StoreMessage } from './message-store.ts'
import { countDeletedAnswers } from './queries.ts'

export interface Question extends AskQuestion {
  author: string
  authorId: MemberId | null
  sender: string
}
export interface Asked {
  message: Message
  answerId: MessageId
}

export interface StoreQuestionOptions {
  database: Pick<Database, 'db'>
  store: StoreMessage
}

/** Throws `video.not_found`, `message.not_found` for what was deleted, `request.invalid`. */
export async function storeQuestion(
  { database, store }: StoreQuestionOptions,
  { question, ...rest }: Question,
): Promise<Asked & { isNew: boolean }> {
  const { message, isNew } = await store({
    ...rest,
    atSeconds: rest.atSeconds ?? null,
    endSeconds: rest.endSeconds ?? null,
    kind: 'question',
    body: question,
  })
  // A question stays as it was asked: under the same key it is the same words.
  if (message.kind !== 'question' || message.body !== question) throw askedTwice()
  return { message, isNew, answerId: isNew ? answerIdOf(message.id, 0) : await answerIdFor(database.db, message.id) }
}

/** Of a question that has been there for a while. */
export const answerIdFor = async (db: Queryable, questionId: MessageId): Promise<MessageId> =>
  answerIdOf(questionId, await countDeletedAnswers(db, questionId))

export const askedTwice = (): AppError =>
  new AppError('request.invalid', 'This clientId names something else that was said: give each question its own.')

/**
 * The id of the answer to a question. It follows from the question's id (same time, the rest by hash), so that whoever
 * asks again, on any server, gets the same one and a question can have only one answer. An answer that was deleted keeps
 * its id: the next one has another.
 */
function answerIdOf(questionId: MessageId, deletedBefore: number): MessageId {
  const which = deletedBefore === 0 ? '' : ` after ${deletedBefore}`
  const random = createHash('sha256').update(`answer to ${questionId}${which}`).digest()
  const msecs = Number.parseInt(questionId.replace('-', '').slice(0, 12), 16)
  return uuidv7({ msecs, random, seq: random.readUInt32BE(16) }) as MessageId
}
