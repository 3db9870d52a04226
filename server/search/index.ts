/** What is said, found by word and by meaning, with the times at which it is said. */
import type { Database } from '../platform/db/index.ts'
import type { Log } from '../platform/log.ts'
import type { Videos } from '../videos/index.ts'
import { createEmbedding } from './embedding.ts'
import { createEmbedderLadder, type EmbedderLadderOptions } from './engines/ladder.ts'
import { createIndexJob, type IndexingOptions } from './jobs.ts'
import { searchRoutes } from './routes.ts'
import { createSearchService } from './service.ts'
import { createVectorIndex } from './vector-index.ts'

export type { Embedder } from './engine.ts'
export type { EmbedderLadderOptions } from './engines/ladder.ts'

export interface SearchOptions extends Pick<IndexingOptions, 'transcripts'> {
  database: Database
  videos: Pick<Videos, 'get' | 'runStage'>
  embedders: EmbedderLadderOptions
  log: Log
}

export function createSearch({ database, videos, transcripts, embedders, log }: SearchOptions) {
  const ladder = createEmbedderLadder(embedders, log)
  const vectorIndex = createVectorIndex({ database, log })
  const embedding = createEmbedding({ engines: ladder.engines, log })
  const shared = { videos, embedding, onModel: vectorIndex.ensure }
  const service = createSearchService({ database, ...shared })
  return {
    ...service,
    jobs: { 'search.index': createIndexJob({ transcripts, ...shared }) },
    routes: searchRoutes(service),
    health: embedding.health,
    async stop() {
      await ladder.stop()
      await vectorIndex.stop()
    },
  }
}
export type Search = ReturnType<typeof createSearch>
