import { ChevronDown, ChevronUp } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { SearchField } from '../../ui/search-field.tsx'
import { useDesk } from '../desk.ts'
import { usePlayback } from '../playback.ts'
import type { Found } from '../use-found.ts'
import { nearestOf } from './nearest-hits.tsx'
import { scrollToRow } from './scroll-to-row.ts'

interface TranscriptSearchProps {
  found: Found
  inputRef: RefObject<HTMLInputElement | null>
  scroller: RefObject<HTMLDivElement | null>
}

/** Marks what is found as it is typed; Enter goes from place to place, film and page together. */
export function TranscriptSearch({ found, inputRef, scroller }: TranscriptSearchProps) {
  const { query, search } = useDesk()
  const playback = usePlayback()
  const { matches } = found
  const [at, setAt] = useState(-1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new query starts from its first place
  useEffect(() => setAt(-1), [query])

  const go = (step: number) => {
    if (matches.length === 0) return
    const next = (at < 0 && step < 0 ? matches.length - 1 : at + step + matches.length) % matches.length
    const match = matches[next]
    if (!match) return
    setAt(next)
    playback.seek(match.startSeconds)
    scrollToRow(scroller.current, scroller.current?.querySelector(`[data-segment="${match.segmentIndex}"]`) ?? null)
  }
  const toResults = () => {
    const hit = scroller.current?.querySelector<HTMLElement>('.related .hit')
    if (hit) hit.focus()
    else go(1)
  }
  const searching = query.trim() !== ''
  return (
    <search className="transcript-search">
      <SearchField
        inputRef={inputRef}
        value={query}
        onChange={search}
        onEnter={backwards => go(backwards ? -1 : 1)}
        onDown={toResults}
        label="Search in this film"
        placeholder="Search in this film"
      />
      {searching ? (
        <div className="match-steps">
          <span role="status">{countWords(found, at)}</span>
          <button
            type="button"
            className="icon-button"
            aria-label="Previous place"
            disabled={matches.length === 0}
            onClick={() => go(-1)}
          >
            <ChevronUp size={16} />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="Next place"
            disabled={matches.length === 0}
            onClick={() => go(1)}
          >
            <ChevronDown size={16} />
          </button>
        </div>
      ) : null}
    </search>
  )
}

/** How many there are, and the one that was gone to. What lies near is counted when nothing is said in these words. */
function countWords({ matches, nearest }: Found, at: number): string {
  if (matches.length > 0) return at < 0 ? `${matches.length}` : `${at + 1} of ${matches.length}`
  if (nearest?.loading) return ''
  const near = nearest ? nearestOf(nearest).length : 0
  return near > 0 ? `${near} near` : 'None'
}
