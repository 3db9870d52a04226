import type { MemberId, Message, SendMessage, VideoId } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Person } from '../platform/hub/index.ts'
import type { NewMessage, StoreMessage } from './message-store.ts'
import { type Before, listNewest } from './queries.ts'

export interface MessagesOptions {
  database: Pick<Database, 'db'>
  store: StoreMessage
  /** Throws `video.not_found`. */
  videos: { get(id: VideoId): Promise<object> }
}

/** Who says something; without an id nobody can change it. */
export interface Author extends Pick<Person, 'name' | 'sender'> {
  memberId: MemberId | null
}

export interface Messages {
  /**
   * The same `clientId` of the same sender again gives the same message. Throws `video.not_found`, `message.not_found`
   * for what it replies to and for what was deleted, `request.invalid` when a question has that `clientId`.
   */
  send(message: SendMessage, author: Author): Promise<Message>
  /** The newest page, or the one before a place; in the log's order. Throws `video.not_found`. */
  list(
    videoId: VideoId,
    page: { limit: number; before?: Before | undefined },
  ): Promise<{ items: Message[]; nextCursor: string | null }>
  /** The newest, in the log's order; none for a video that is gone. */
  recent(videoId: VideoId, limit: number): Promise<Message[]>
}

export function createMessages({ database, store, videos }: MessagesOptions): Messages {
  return {
    async send({ videoId, clientId, body, atSeconds, endSeconds, replyTo, mentions }, { name, memberId, sender }) {
      const message: NewMessage = {
        videoId,
        kind: 'message',
        author: name,
        authorId: memberId,
        clientId,
        sender,
        body,
        atSeconds: atSeconds ?? null,
        endSeconds: endSeconds ?? null,
        replyTo: replyTo ?? null,
        mentions: mentions ?? [],
      }
      const stored = (await store(message)).message
      if (stored.kind !== 'message')
        throw new AppError('request.invalid', 'This clientId names a question: give each thing that is said its own.')
      return stored
    },
    async list(videoId, { limit, before }) {
      const newest = await listNewest(database.db, videoId, { limit: limit + 1, before })
      if (newest.length === 0) await videos.get(videoId)
      const page = newest.slice(0, limit).reverse()
      const items = page.map(({ message }) => message)
      return { items, nextCursor: newest.length > limit ? String(page[0]?.seq) : null }
    },
    async recent(videoId, limit) {
      const newest = await listNewest(database.db, videoId, { limit })
      return newest.map(({ message }) => message).reverse()
    },
  }
}
