import { ChevronDown, ChevronUp } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { SearchField } from '../../ui/search-field.tsx'
import { useDesk } from '../desk.ts'
import type { Match } from '../matches.ts'
import { usePlayback } from '../playback.ts'
import { scrollToRow } from './use-follow.ts'

interface TranscriptSearchProps {
  matches: Match[]
  inputRef: RefObject<HTMLInputElement | null>
  scroller: RefObject<HTMLDivElement | null>
}

/** Marks what is found as it is typed; Enter goes from place to place, film and page together. */
export function TranscriptSearch({ matches, inputRef, scroller }: TranscriptSearchProps) {
  const { query, search } = useDesk()
  const playback = usePlayback()
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
  const searching = query.trim() !== ''
  return (
    <search className="transcript-search">
      <SearchField
        inputRef={inputRef}
        value={query}
        onChange={search}
        onEnter={backwards => go(backwards ? -1 : 1)}
        label="Search in this film"
        placeholder="Search in this film"
      />
      {searching ? (
        <div className="match-steps">
          <span role="status">
            {matches.length === 0 ? 'None' : `${at < 0 ? '' : `${at + 1} of `}${matches.length}`}
          </span>
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
