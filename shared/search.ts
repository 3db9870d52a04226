import { z } from 'zod'
import { VideoId } from './ids.ts'

/** `lexical`: no embedder is there, so words were compared and meanings were not. */
export const SearchMode = z.enum(['hybrid', 'lexical'])
export type SearchMode = z.infer<typeof SearchMode>

export const Hit = z.object({
  videoId: VideoId,
  startSeconds: z.number(),
  endSeconds: z.number(),
  text: z.string(),
  /** 0 to 1, comparable within one answer only. */
  score: z.number(),
  /** Indexes of the transcript's segments that the hit spans. */
  segments: z.array(z.number().int()),
})
export type Hit = z.infer<typeof Hit>

export const SearchResult = z.object({ mode: SearchMode, hits: z.array(Hit) })
export type SearchResult = z.infer<typeof SearchResult>
export const SearchQuery = z.object({
  q: z.string().trim().min(1).max(500),
  limit: z.coerce.number().int().min(1).max(50).default(10),
})
