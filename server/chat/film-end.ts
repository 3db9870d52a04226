import { sql } from 'drizzle-orm'
import { type Message, type VideoId, videoStream } from '../../shared/index.ts'
import type { Tx } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Append, Journal } from '../platform/journal/index.ts'
import type { Videos } from '../videos/index.ts'
import { lockBehind, updateMessage } from './queries.ts'

export type Placed = Pick<Message, 'atSeconds' | 'endSeconds'>

/** What is said of a place behind the end of the film is said of its end. */
export interface FilmEnd {
  /**
   * Hands over the place as it may be stored. Where nobody knows yet how long the film is, the place stays as it is, and
   * is held when that is known.
   */
  within<T>(videoId: VideoId, place: Placed, store: (held: Placed) => Promise<T>): Promise<T>
  /** The film is so long: what was said before that was known is held to it, and the room is told. */
  holdAll(tx: Tx, append: Append, film: Film): Promise<void>
}
export interface Film {
  id: VideoId
  durationSeconds: number
}
export interface FilmEndOptions {
  videos: Pick<Videos, 'record'>
  journal: Pick<Journal, 'transact'>
}

export function createFilmEnd({ videos, journal }: FilmEndOptions): FilmEnd {
  const within: FilmEnd['within'] = async (videoId, place, store) => {
    if (!place.atSeconds && !place.endSeconds) return store(place)
    const lengthSeconds = await knownLength(videoId)
    const stored = await store(lengthSeconds === null ? place : heldTo(place, lengthSeconds))
    if (lengthSeconds === null) await lookAgain(videoId)
    return stored
  }
  /** Null for a film that has not come yet, and for one that is gone: that is said by whoever stores. */
  const knownLength = async (id: VideoId): Promise<number | null> => {
    try {
      return (await videos.record(id)).video.durationSeconds || null
    } catch (fault) {
      if (fault instanceof AppError && fault.code.startsWith('video.')) return null
      throw fault
    }
  }
  /** The film may have come while the place was stored: whoever came with it has not seen that. */
  const lookAgain = (id: VideoId) =>
    journal.transact(async (tx, append) => {
      const durationSeconds = await lockLength(tx, id)
      if (durationSeconds) await holdAll(tx, append, { id, durationSeconds })
    })
  return { within, holdAll }
}

const heldTo = ({ atSeconds, endSeconds }: Placed, lengthSeconds: number): Placed => ({
  atSeconds: atSeconds === null ? null : Math.min(atSeconds, lengthSeconds),
  endSeconds: endSeconds === null ? null : Math.min(endSeconds, lengthSeconds),
})

/** Waits for whoever is about to say how long the film is: they hold its row, and may have looked at the talk already. */
async function lockLength(tx: Tx, id: VideoId): Promise<number | null> {
  const [film] = await tx.execute<{ seconds: number | null }>(
    sql`select duration_seconds as seconds from videos where id = ${id} for share`,
  )
  return film?.seconds ?? null
}

async function holdAll(tx: Tx, append: Append, { id, durationSeconds }: Film): Promise<void> {
  for (const message of await lockBehind(tx, id, durationSeconds)) {
    const held = await updateMessage(tx, message.id, heldTo(message, durationSeconds))
    append(videoStream(id), 'message.edited', { message: held })
  }
}
