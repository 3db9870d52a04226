import type { KeyboardEvent, RefObject } from 'react'
import { timeCode } from '../../../../client-sdk/src/index.ts'
import { Marked } from '../../ui/marked.tsx'
import { SearchNote, searchedFor } from '../../ui/search-note.tsx'
import type { CorrectedSearch } from '../../ui/use-corrected-search.ts'
import { useDesk } from '../desk.ts'
import { TimeLink } from '../time-link.tsx'

interface NearestHitsProps {
  search: CorrectedSearch
  /** The words are marked where they stand: no need to list them. */
  isMarked: boolean
  inputRef: RefObject<HTMLInputElement | null>
}

/** As many as are shown. */
export const nearestOf = ({ value }: CorrectedSearch) => value?.hits.slice(0, 5) ?? []

/** When what is typed stands nowhere: what was found instead, and why. */
export function NearestHits({ search, isMarked, inputRef }: NearestHitsProps) {
  const { query, search: onSearch } = useDesk()
  const { value, loading, suggested } = search
  const hits = isMarked ? [] : nearestOf(search)
  const note = <SearchNote search={search} onSearch={onSearch} inputRef={inputRef} />
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const links: Element[] = [...event.currentTarget.querySelectorAll('a')]
    const at = document.activeElement ? links.indexOf(document.activeElement) : -1
    const next = at + step < 0 ? inputRef.current : links[at + step]
    if (next instanceof HTMLElement) next.focus()
  }
  if (hits.length === 0 && !isMarked)
    return (
      <div className="related">
        <p className="related-none">{loading ? 'Looking further…' : `Not said in these words: “${query.trim()}”`}</p>
        {note}
      </div>
    )
  const speaksForItself = !value?.corrected && !value?.weak && suggested === null
  return (
    <section className="related" aria-label="Related places">
      {speaksForItself ? <h3>Not in these words, but near</h3> : null}
      {note}
      {/* The arrows go from link to link. */}
      <ul onKeyDown={onKeyDown}>
        {hits.map(hit => (
          <li key={hit.startSeconds}>
            <TimeLink seconds={hit.startSeconds} className="hit">
              <span className="time-link">{timeCode(hit.startSeconds)}</span>
              <span className="hit-text">
                <Marked text={hit.text} query={searchedFor(search)} />
              </span>
            </TimeLink>
          </li>
        ))}
      </ul>
    </section>
  )
}
