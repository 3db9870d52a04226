import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { MessageId } from '../../shared/index.ts'

/**
 * The id of the answer to a question. It follows from the question's id (same time, the rest by hash), so that whoever
 * asks again, on any server, gets the same one and a question can have only one answer. An answer that was deleted keeps
 * its id: the next one has another.
 */
export function answerIdOf(questionId: MessageId, deletedBefore: number): MessageId {
  const which = deletedBefore === 0 ? '' : ` after ${deletedBefore}`
  const random = createHash('sha256').update(`answer to ${questionId}${which}`).digest()
  const msecs = Number.parseInt(questionId.replace('-', '').slice(0, 12), 16)
  return uuidv7({ msecs, random, seq: random.readUInt32BE(16) }) as MessageId
}
