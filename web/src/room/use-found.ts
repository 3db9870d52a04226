import { useMemo } from 'react'
import type { Segment } from '../../../client-sdk/src/index.ts'
import { type CorrectedSearch, useCorrectedSearch } from '../ui/use-corrected-search.ts'
import { useDesk } from './desk.ts'
import { findMatches, type Match } from './matches.ts'

/** What the search in this film finds. */
export interface Found {
  /** Where the words are said one after another, or those that they were corrected to. */
  matches: Match[]
  /** When what is typed is said nowhere: what the server's search, which knows meanings, finds nearest. Else null. */
  nearest: CorrectedSearch | null
}

export function useFound(videoId: string, segments: readonly Segment[]): Found {
  const { query } = useDesk()
  const typed = useMemo(() => findMatches(segments, query), [segments, query])
  const search = useCorrectedSearch(typed.length > 0 ? '' : query, videoId)
  const corrected = search.value?.corrected
  const meant = corrected?.from === query.trim() ? corrected.to : null
  const matches = useMemo(() => (meant === null ? typed : findMatches(segments, meant)), [segments, typed, meant])
  return { matches, nearest: query.trim() === '' || typed.length > 0 ? null : search }
}
