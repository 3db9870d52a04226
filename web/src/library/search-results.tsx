import { SearchX, ServerCrash } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { type Hit, timeCode, type Video } from '../../../client-sdk/src/index.ts'
import { useRushes } from '../../../client-sdk/src/react/index.ts'
import { countOf } from '../ui/format.ts'
import { Marked } from '../ui/marked.tsx'
import { Notice } from '../ui/notice.tsx'
import { searchedFor } from '../ui/search-note.tsx'
import type { CorrectedSearch } from '../ui/use-corrected-search.ts'

interface SearchResultsProps {
  search: CorrectedSearch
  text: string
  videos: Video[]
  /** What is to be known of the result. */
  note: ReactNode
}

/** Hits by film, the film with the best hit first, each line opening at its second. */
export function SearchResults({ search, text, videos, note }: SearchResultsProps) {
  if (search.failure) {
    return (
      <Notice
        icon={ServerCrash}
        title="The search failed"
        actions={
          <button type="button" className="button" onClick={search.reload}>
            Try again
          </button>
        }
      >
        {search.failure.message}
      </Notice>
    )
  }
  if (!search.value) return <ResultsSkeleton />
  const { hits, mode } = search.value
  if (hits.length === 0) {
    return (
      <>
        {note}
        <Notice icon={SearchX} title={`Nobody says “${search.query || text.trim()}”`}>
          {mode === 'lexical'
            ? 'The search compares words, not meanings. Try a word that was said.'
            : 'Try other words.'}
        </Notice>
      </>
    )
  }
  const groups = Map.groupBy(hits, hit => hit.videoId)
  return (
    <div className="results" aria-busy={search.loading}>
      <p className="results-count" role="status">
        {countOf(hits.length, 'place')} in {countOf(groups.size, 'film')}
      </p>
      {note}
      {[...groups].map(([id, found]) => (
        <FilmHits
          key={id}
          videoId={id}
          title={videos.find(video => video.id === id)?.title}
          hits={found}
          query={searchedFor(search)}
        />
      ))}
    </div>
  )
}

interface FilmHitsProps {
  videoId: string
  title: string | undefined
  hits: Hit[]
  query: string
}

function FilmHits({ videoId, title, hits, query }: FilmHitsProps) {
  const rushes = useRushes()
  const inOrder = hits.toSorted((a, b) => a.startSeconds - b.startSeconds)
  return (
    <section className="film-hits">
      <Link href={`/videos/${videoId}`} className="poster poster-blank" tabIndex={-1} aria-hidden="true">
        <img
          src={rushes.videos.thumbnailUrl(videoId)}
          alt=""
          loading="lazy"
          onError={event => event.currentTarget.remove()}
        />
      </Link>
      <div>
        <h2 className="card-title">
          <Link href={`/videos/${videoId}`}>{title ?? 'Untitled'}</Link>
        </h2>
        <ul>
          {inOrder.map(hit => (
            <li key={hit.startSeconds}>
              <Link href={`/videos/${videoId}?t=${hit.startSeconds.toFixed(1)}`} className="hit">
                <span className="time-link">{timeCode(hit.startSeconds)}</span>
                <span className="hit-text">
                  <Marked text={hit.text} query={query} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

function ResultsSkeleton() {
  return (
    <div className="results" role="status" aria-busy="true" aria-label="Searching">
      <div className="skeleton" style={{ width: 120, height: 12, margin: '4px 0 20px' }} />
      <section className="film-hits">
        <div className="poster skeleton" />
        <div style={{ display: 'grid', gap: 12, alignContent: 'start' }}>
          <div className="skeleton" style={{ width: '40%', height: 14 }} />
          <div className="skeleton" style={{ width: '90%', height: 14 }} />
          <div className="skeleton" style={{ width: '80%', height: 14 }} />
        </div>
      </section>
    </div>
  )
}
