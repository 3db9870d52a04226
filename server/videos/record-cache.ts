import { LRUCache } from 'lru-cache'
import { type VideoId, videoOfStream } from '../../shared/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { VideoRecord } from './videos.ts'

const maxRecords = 500
/** What other servers change is seen after this long at the latest. */
const freshMs = 1_000

/**
 * A player asks for ranges many times a second, and each needs the video's record: asked of the database once a second,
 * and again as soon as something happens to the video here.
 */
export function createRecordCache(journal: Pick<Journal, 'onCommitted'>, load: (id: VideoId) => Promise<VideoRecord>) {
  const kept = new LRUCache<VideoId, Promise<VideoRecord>>({ max: maxRecords, ttl: freshMs })
  journal.onCommitted(({ stream }) => {
    const id = videoOfStream(stream)
    if (id) kept.delete(id)
  })

  return (id: VideoId): Promise<VideoRecord> => {
    const known = kept.get(id)
    if (known) return known
    const record = load(id)
    kept.set(id, record)
    // A video that isn't there now may be there in a moment.
    record.catch(() => kept.peek(id) === record && kept.delete(id))
    return record
  }
}
