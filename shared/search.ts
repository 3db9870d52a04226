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
  /**
   * 0 to 1, how much of the query is said there: from 0.9 on word for word, below it by words of it, the rare ones
   * weighing more, or by what means the same. Under a third, it may well be about something else.
   */
  score: z.number(),
  /** Indexes of the transcript's segments that the hit spans. */
  segments: z.array(z.number().int()),
})
export type Hit = z.infer<typeof Hit>

/** What was typed, and what was searched for in its place: some of its words are no words, and nobody says them. */
export const Correction = z.object({ from: z.string(), to: z.string() })
export type Correction = z.infer<typeof Correction>

export const SearchResult = z.object({
  mode: SearchMode,
  hits: z.array(Hit),
  /** True when even the best hit says little of what was asked, or when there is none. */
  weak: z.boolean(),
  corrected: Correction.optional(),
})
export type SearchResult = z.infer<typeof SearchResult>
export const SearchQuery = z.object({
  q: z.string().trim().min(1).max(500),
  limit: z.coerce.number().int().min(1).max(50).default(10),
  /** `0`: every word is meant as it is typed. Words in quotes always are. */
  correct: z.enum(['0', '1']).optional(),
})
