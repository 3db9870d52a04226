import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { type Transcript, VideoId } from '../../shared/index.ts'
import type { Log } from '../platform/log.ts'
import { defineJob } from '../platform/queue/index.ts'
import type { StageOutcome, Videos } from '../videos/index.ts'
import type { Embedding, PassageVectors, VectorSpace } from './embedding.ts'
import { makePassages, type Passage } from './passages.ts'
import { spaced } from './plain-text.ts'
import { type NewPassageRow, replacePassages } from './queries.ts'

export interface IndexingOptions {
  videos: Pick<Videos, 'runStage'>
  /** Null while there is none. */
  transcripts: { get(videoId: VideoId): Promise<Pick<Transcript, 'segments'> | null> }
  embedding: Pick<Embedding, 'embedPassages'>
  /** Stores passages without vectors, to be replaced when those are there. */
  storeWords(videoId: VideoId, rows: readonly NewPassageRow[]): Promise<void>
  /** Told of the model that is in use. */
  onModel(space: VectorSpace): void
  log: Log
}

/** A day's recording on a slow machine has some ten thousand passages. */
const timeoutSeconds = 2 * 3600

/** Makes a video's transcript searchable. */
export const createIndexJob = (options: IndexingOptions) =>
  defineJob({
    name: 'search.index',
    payload: z.object({ videoId: VideoId }),
    attempts: 3,
    timeoutSeconds,
    concurrency: 1,
    run: ({ videoId }, context) =>
      options.videos.runStage(videoId, 'search', context, (_, report) =>
        index(options, { videoId, report, signal: context.signal }),
      ),
  })

interface Indexing {
  videoId: VideoId
  report(percent: number): void
  signal: AbortSignal
}

/** Everything slow comes before the transaction: on the embedded database all others wait for it. */
async function index(options: IndexingOptions, { videoId, report, signal }: Indexing): Promise<StageOutcome> {
  const transcript = await options.transcripts.get(videoId)
  const passages = makePassages(transcript?.segments ?? [])
  if (passages.length === 0) return { state: 'skipped', reason: 'There is no transcript to search in.' }
  const meanwhile = afterAWhile(() =>
    options.storeWords(
      videoId,
      passages.map(passage => rowOf(videoId, passage, {})),
    ),
  )
  const { embedded, lost } = await options.embedding.embedPassages(passages.map(textOf), { signal, report, meanwhile })
  if (embedded) options.onModel(embedded)
  if (lost !== null) options.log.warn({ videoId, reason: lost }, 'a film was indexed without its meanings')
  const rows = passages.map((passage, at) => rowOf(videoId, passage, vectorAt(embedded, at)))
  return {
    state: 'done',
    ...(lost !== null && { reason: `Words can be searched, meanings can't: the embedder failed (${lost}).` }),
    async commit(tx, append) {
      await replacePassages(tx, videoId, rows)
      append(videoId, 'search.ready', { passageCount: rows.length, embedder: embedded?.signature ?? null })
    },
  }
}

/** Whoever searches should not wait for an embedder that is slow or away: the words come first then. */
const wordsAfterMs = 5_000

function afterAWhile(store: () => Promise<void>): () => Promise<void> {
  const startedMs = performance.now()
  let isStored = false
  return async () => {
    if (isStored || performance.now() - startedMs < wordsAfterMs) return
    isStored = true
    await store()
  }
}

const textOf = ({ segments }: Passage): string => segments.map(segment => segment.text).join(' ')

const rowOf = (videoId: VideoId, { segments, words }: Passage, embedded: Partial<NewPassageRow>): NewPassageRow => ({
  ...{ id: uuidv7(), videoId, segments, plain: spaced(words) },
  ...embedded,
})

function vectorAt(embedded: PassageVectors | null, at: number): Partial<NewPassageRow> {
  const embedding = embedded?.vectors[at]
  if (!embedded || !embedding) return {}
  return { embedding, embeddingModel: embedded.signature, embeddingDimension: embedded.dimension }
}
