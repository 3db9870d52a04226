import { useState } from 'react'
import { type SearchState, useSearch } from '../../../client-sdk/src/react/index.ts'

export interface CorrectedSearch extends SearchState {
  /** What the query was taken for, before it was searched for as it was typed. */
  suggested: string | null
}

/** A search that still knows its correction when that was refused. */
export function useCorrectedSearch(text: string, videoId?: string): CorrectedSearch {
  const search = useSearch(text, videoId)
  const corrected = search.value?.corrected
  const [last, setLast] = useState(corrected)
  if (corrected && corrected !== last) setLast(corrected)
  const suggested = !corrected && last !== undefined && last.from === search.query ? last.to : null
  return { ...search, suggested }
}
