import { timeCode } from '../../../../client-sdk/src/index.ts'
import { useSearch } from '../../../../client-sdk/src/react/index.ts'
import { Marked } from '../../ui/marked.tsx'
import { SearchNote, searchedFor } from '../../ui/search-note.tsx'
import { TimeLink } from '../time-link.tsx'

/** When the words stand nowhere together: what the server's search, which knows meanings, finds nearest. */
export function RelatedHits({ videoId, query }: { videoId: string; query: string }) {
  const search = useSearch(query, videoId)
  const { value, loading } = search
  const hits = value?.hits ?? []
  if (hits.length === 0)
    return <p className="related-none">{loading ? 'Looking further…' : `Not said in these words: “${query.trim()}”`}</p>
  return (
    <section className="related" aria-label="Related places">
      <h3>Not in these words, but near</h3>
      <SearchNote search={search} />
      <ul>
        {hits.slice(0, 5).map(hit => (
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
