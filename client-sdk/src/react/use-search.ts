import { useCallback, useEffect, useState } from 'react'
import type { SearchResult } from '../index.ts'
import { useRushes } from './provider.tsx'
import { type Loaded, useLoaded } from './use-loaded.ts'

export interface SearchState extends Loaded<SearchResult> {
  /** What `value` is about: it follows the typing by a moment. */
  query: string
  /** When the answer says that it was corrected: searches again for what was typed. */
  searchAsTyped: () => void
}

const restMs = 180

/** Searches what is said, in one video or in all, once the typing rests. An empty query finds nothing. */
export function useSearch(text: string, videoId?: string): SearchState {
  const rushes = useRushes()
  const query = useRested(text.trim())
  // Meant as it is typed: this query, and no other.
  const [meant, setMeant] = useState<string | null>(null)
  const correct = meant !== query
  const load = useCallback(
    (signal: AbortSignal) => {
      const options = { signal, correct }
      return videoId === undefined ? rushes.search(query, options) : rushes.videos.search(videoId, query, options)
    },
    [rushes, query, correct, videoId],
  )
  const searchAsTyped = useCallback(() => setMeant(query), [query])
  return { ...useLoaded(query === '' ? null : load), query, searchAsTyped }
}

/** The value, once it has not changed for a moment; emptied at once. */
function useRested(value: string): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), value === '' ? 0 : restMs)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}
