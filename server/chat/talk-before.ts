import type { Message } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { listNewest } from './queries.ts'

/** Messages that are looked at: what is further back is rarely meant. */
const mostMessages = 12

/** What was said in the room before a question, oldest first. */
export async function talkBefore(db: Queryable, { videoId, id }: Pick<Message, 'videoId' | 'id'>): Promise<Message[]> {
  const newest = await listNewest(db, videoId, { limit: mostMessages, before: { id } })
  return newest.map(({ message }) => message).reverse()
}
