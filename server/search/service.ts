import type { Hit, SearchResult, VideoId } from '../../shared/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Videos } from '../videos/index.ts'
import type { Embedding, QueryVector, VectorSpace } from './embedding.ts'
import { findByWords } from './find-words.ts'
import { pictureIn, plainWords } from './plain-text.ts'
import { type FoundPassage, findNear, findPicture, type Scope } from './queries.ts'
import { hitsOfPicture, isWeak, rankHits } from './ranking.ts'
import type { WordLists } from './word-lists.ts'

export interface SearchRequest {
  q: string
  limit: number
  /** `0`: every word is meant as it is typed. */
  correct?: '0' | '1' | undefined
  signal?: AbortSignal
}
export interface SearchService {
  /** Throws `video.not_found`. */
  inVideo(videoId: VideoId, request: SearchRequest): Promise<SearchResult>
  inLibrary(request: SearchRequest): Promise<SearchResult>
  /** For a question: whole passages that say any of its words, or mean something like it. Rejects on abort. */
  retrieve(videoId: VideoId, question: string, options: { limit: number; signal: AbortSignal }): Promise<Hit[]>
}
export interface SearchServiceOptions {
  database: Pick<Database, 'db'>
  videos: Pick<Videos, 'get'>
  embedding: Pick<Embedding, 'embedQuery'>
  wordLists: WordLists
  /** Told of the model that is in use. */
  onModel(space: VectorSpace): void
}

/** As many as pgvector's index gives by itself (`hnsw.ef_search`). */
const nearest = 40
/** Who types looks at the list at once; who asks waits for the answer anyway. */
const searchPatienceMs = 2000
const questionPatienceMs = 10_000

interface Found {
  scope: Scope
  text: string
  patienceMs: number
  signal: AbortSignal
}

export function createSearchService(options: SearchServiceOptions): SearchService {
  const { database, videos, embedding, wordLists, onModel } = options
  /** Null when meanings can't be compared: no embedder answers, or what is there was embedded by another model. */
  async function findByMeaning({ scope, text, patienceMs, signal }: Found): Promise<FoundPassage[] | null> {
    const query = await embedding.embedQuery(text, { signal, patienceMs })
    if (query === null) return null
    onModel(query)
    const near = await findNear(database.db, scope, { query, limit: nearest })
    return near.length === 0 ? null : near.filter(isNoChance(query))
  }

  /** For a query without any word. */
  async function searchPicture(scope: Scope, { q, limit }: SearchRequest): Promise<SearchResult> {
    const picture = pictureIn(q)
    const found = picture === null ? [] : await findPicture(database.db, scope, { picture, limit })
    const hits = picture === null ? [] : hitsOfPicture(found, { picture, limit })
    return { mode: 'lexical', hits, weak: isWeak(hits) }
  }

  async function search(scope: Scope, request: SearchRequest): Promise<SearchResult> {
    const { q, limit, correct = '1', signal = never() } = request
    if (plainWords(q).length === 0) return searchPicture(scope, request)
    const [near, { query, corrected, ...said }] = await Promise.all([
      findByMeaning({ scope, text: q, patienceMs: searchPatienceMs, signal }),
      findByWords(database.db, { scope, text: q, wordLists: correct === '0' ? null : wordLists }),
    ])
    const hits = rankHits({ ...said, near: near ?? [] }, { query, limit, narrow: true })
    const mode = near === null ? 'lexical' : 'hybrid'
    return { mode, hits, weak: isWeak(hits), ...(corrected && hits.length > 0 && { corrected }) }
  }

  return {
    async inVideo(videoId, request) {
      const result = await search({ videoId }, request)
      // Whoever finds something has found a video.
      if (result.hits.length === 0) await videos.get(videoId)
      return result
    },
    inLibrary: request => search({ videoId: null }, request),
    async retrieve(videoId, question, { limit, signal }) {
      signal.throwIfAborted()
      if (plainWords(question).length === 0) return []
      const scope = { videoId }
      const [near, { query, words }] = await Promise.all([
        findByMeaning({ scope, text: question, patienceMs: questionPatienceMs, signal }),
        findByWords(database.db, { scope, text: question, wordLists: null }),
      ])
      signal.throwIfAborted()
      return rankHits({ phrase: [], words, near: near ?? [] }, { query, limit, narrow: false })
    },
  }
}

const isNoChance =
  ({ floor }: QueryVector) =>
  ({ similarity }: { similarity: number }): boolean =>
    similarity >= floor
const never = (): AbortSignal => new AbortController().signal
