/** What is said, found by word and by meaning, with the times at which it is said. */
import type { Database } from '../platform/db/index.ts'
import { messageOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Videos } from '../videos/index.ts'
import type { Patience } from './embed-batches.ts'
import { createEmbedding } from './embedding.ts'
import { createEmbedderRungs, type EmbedderRungsOptions } from './engines/rungs.ts'
import { findWithoutVectors, withLost } from './films-without-vectors.ts'
import { createIndexJob, type IndexingOptions, reindexOutdated } from './jobs.ts'
import { replacePassages } from './queries.ts'
import { searchRoutes } from './routes.ts'
import { createSearchService } from './service.ts'
import { createVectorIndex } from './vector-index.ts'
import { createWordLists } from './word-lists.ts'

export { askingWords } from './asking-words.ts'
export type { Embedder } from './engine.ts'
export type { EmbedderRungsOptions } from './engines/rungs.ts'
export { isWeak } from './ranking.ts'

export interface SearchOptions extends Pick<IndexingOptions, 'transcripts'> {
  database: Database
  videos: Pick<Videos, 'get' | 'stages'>
  embedders: EmbedderRungsOptions
  /** How an embedder that fails is waited for. */
  patience?: Patience
  log: Log
}

export function createSearch({ database, videos, transcripts, embedders, patience, log }: SearchOptions) {
  const rungs = createEmbedderRungs(embedders, log)
  const vectorIndex = createVectorIndex({ database, log })
  const embedding = createEmbedding({ engines: rungs.engines, patience, log })
  const shared = { videos, embedding, onModel: vectorIndex.ensure }
  const storeWords: IndexingOptions['storeWords'] = (videoId, rows) =>
    database.transaction(tx => replacePassages(tx, videoId, rows))
  const service = createSearchService({ database, wordLists: createWordLists(), ...shared })
  const stopping = new AbortController()
  let reindexing: Promise<void> | undefined
  return {
    ...service,
    jobs: { search: createIndexJob({ transcripts, storeWords, log, ...shared }) },
    routes: searchRoutes(service),
    /** Films that an embedder would have to go through again. */
    withoutVectors: () => findWithoutVectors(database.db),
    async health() {
      const { health, named } = await embedding.health()
      // Without any embedder no film has vectors, and that is no news.
      return named === undefined ? health : withLost(health, (await findWithoutVectors(database.db)).length, named)
    },
    /** Beside everything else, what an older version has indexed is indexed anew. */
    start() {
      reindexing ??= reindexOutdated({ transcripts, db: database.db }, stopping.signal)
        .then(videos => {
          if (videos > 0) log.info({ videos }, 'indexed anew for search')
        })
        .catch(fault => log.warn({ reason: messageOf(fault) }, 'what an older version has indexed stays as it was'))
    },
    async stop() {
      stopping.abort()
      await reindexing
      await rungs.stop()
      await vectorIndex.stop()
    },
  }
}
export type Search = ReturnType<typeof createSearch>
