import type { SearchState } from '../../../client-sdk/src/react/index.ts'

/** What is to be known of a result: that another word was searched for than was typed, or that little of it was found. */
export function SearchNote({ search }: { search: SearchState }) {
  if (!search.value) return null
  const { corrected, weak, hits } = search.value
  if (corrected)
    return (
      <p className="search-note">
        Showing results for <strong>{corrected.to}</strong>.{' '}
        <button type="button" className="link-button" onClick={search.searchAsTyped}>
          Search for “{corrected.from}”
        </button>
      </p>
    )
  return weak && hits.length > 0 ? (
    <p className="search-note">Little of this is said. These places come nearest.</p>
  ) : null
}

/** What was searched for, to be marked in the hits. */
export const searchedFor = ({ value, query }: SearchState): string => value?.corrected?.to ?? query
