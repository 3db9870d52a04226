import type { RefObject } from 'react'
import type { CorrectedSearch } from './use-corrected-search.ts'

interface SearchNoteProps {
  search: CorrectedSearch
  onSearch: (text: string) => void
  /** The field, which keeps the focus. */
  inputRef: RefObject<HTMLInputElement | null>
}

/** What is to be known of a result: that another word was searched for than was typed, or that little of it was found. */
export function SearchNote({ search, onSearch, inputRef }: SearchNoteProps) {
  const { value, suggested, searchAsTyped } = search
  if (!value) return null
  const { corrected, weak, hits } = value
  const andStay = (act: () => void) => () => {
    act()
    inputRef.current?.focus()
  }
  if (corrected)
    return (
      <p className="search-note">
        Showing results for <strong>{corrected.to}</strong>.{' '}
        <button type="button" className="link-button" onClick={andStay(searchAsTyped)}>
          Search for “{corrected.from}”
        </button>
      </p>
    )
  const isWeak = weak && hits.length > 0
  if (suggested === null && !isWeak) return null
  return (
    <p className="search-note">
      {isWeak ? 'Little of this is said. These places come nearest. ' : ''}
      {suggested === null ? null : (
        <>
          Did you mean{' '}
          <button type="button" className="link-button" onClick={andStay(() => onSearch(suggested))}>
            {suggested}
          </button>
          ?
        </>
      )}
    </p>
  )
}

/** What was searched for, to be marked in the hits. */
export const searchedFor = ({ value, query }: CorrectedSearch): string => value?.corrected?.to ?? query
