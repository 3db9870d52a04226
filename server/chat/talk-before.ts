import type { Message } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { refersBack } from './follow-up.ts'
import { isAskedBy } from './own-question.ts'
import { listNewest } from './queries.ts'

/** Messages that are looked at: what is further back is rarely meant. */
const mostMessages = 12
/** How far back what its asker asked before is looked for: a room may have talked of other things meanwhile. */
const mostSince = 200

/** What was said in the room before a question, oldest first; what it goes on from stands there too. */
export async function talkBefore(db: Queryable, asked: Message): Promise<Message[]> {
  const newest = await talk(db, asked, mostMessages)
  if (!refersBack(asked.body) || newest.some(isAskedBy(asked))) return newest
  const further = await talk(db, asked, mostSince)
  const own = further.findLast(isAskedBy(asked))
  if (!own) return newest
  return further.filter(each => each === own || (each.replyTo === own.id && each.kind === 'answer')).concat(newest)
}

async function talk(db: Queryable, { videoId, id }: Message, limit: number): Promise<Message[]> {
  const newest = await listNewest(db, videoId, { limit, before: { id } })
  return newest.map(({ message }) => message).reverse()
}
