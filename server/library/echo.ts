import { libraryStream, type StreamEvent, videoOfStream } from '../../shared/index.ts'
import type { Fact } from '../platform/journal/index.ts'

/** What of a video's log the library is told too: which videos there are, and what they are called. */
const told: ReadonlySet<StreamEvent['type']> = new Set([
  'video.created',
  'video.playable',
  'video.ready',
  'video.failed',
  'video.renamed',
  'video.deleted',
])

/** In the transaction of the fact. What names no video there gets its id. */
export function libraryEcho({ stream, type, payload }: Fact): Fact[] {
  const videoId = videoOfStream(stream)
  if (!videoId || !told.has(type)) return []
  return [{ stream: libraryStream, type, payload: 'video' in payload ? payload : { videoId, ...payload } }]
}
