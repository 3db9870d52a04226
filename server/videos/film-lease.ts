import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import { isHeld, type Lease } from '../platform/leases/index.ts'

/**
 * One attempt at a time brings a video's film, whichever way and through whichever server. Who holds this receives its
 * upload, has the room that is kept for it, and says what becomes of its original.
 */
export const filmLease = (id: VideoId): string => `film:${id}`

/** In a statement: somebody brings the film of this video. */
export const isBeingBrought = (videoId: SQLWrapper): SQL<boolean> => isHeld(sql`'film:' || ${videoId}`)

/** One attempt to bring a video's film. */
export interface Attempt {
  videoId: VideoId
  /** Its `filmLease`. */
  lease: Lease
}
