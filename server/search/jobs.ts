import { setImmediate as breathe } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { type Transcript, type VideoId, videoStream } from '../../shared/index.ts'
import type { Db } from '../platform/db/index.ts'
import type { Log } from '../platform/log.ts'
import { type StageOutcome, stageJob, type Videos } from '../videos/index.ts'
import type { Embedding, PassageVectors, VectorSpace } from './embedding.ts'
import { stemmerOf } from './languages.ts'
import { indexedWords, makePassages, type Passage, speakersOf } from './passages.ts'
import {
  findOutdated,
  findPassagesOf,
  type IndexedWords,
  type NewPassageRow,
  reindexPassages,
  replacePassages,
} from './queries.ts'

export interface IndexingOptions {
  videos: Pick<Videos, 'stages'>
  /** Null while there is none. */
  transcripts: { get(videoId: VideoId): Promise<Pick<Transcript, 'segments' | 'language'> | null> }
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
  stageJob(options.videos.stages, {
    stage: 'search',
    ...{ lane: 'media', urgency: 1, attempts: 3, timeoutSeconds },
    work: ({ videoId, report, context: { signal } }) => index(options, { videoId, report, signal }),
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
  const placed = passages.map(({ segments }, place) => ({ id: uuidv7(), videoId, place, segments }))
  const wordRows = await withWords(placed, languageOf(transcript))
  const meanwhile = afterAWhile(() => options.storeWords(videoId, wordRows))
  const { embedded, lost } = await options.embedding.embedPassages(passages.map(textOf), { signal, report, meanwhile })
  if (embedded) options.onModel(embedded)
  if (lost !== null) options.log.warn({ videoId, reason: lost }, 'a film was indexed without its meanings')
  const rows = wordRows.map((row, place) => ({ ...row, ...vectorAt(embedded, place) }))
  return {
    state: 'done',
    ...(lost !== null && { reason: `Words can be searched, meanings can't: the embedder failed (${lost}).` }),
    async commit(tx, append) {
      await replacePassages(tx, videoId, rows)
      append(videoStream(videoId), 'search.ready', { passageCount: rows.length, embedder: embedded?.signature ?? null })
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

/** It takes some 50 µs each: others have their turn in between. */
const madeAtOnce = 200

async function withWords<P extends Passage>(
  passages: readonly P[],
  spoken: ReturnType<typeof languageOf>,
): Promise<(P & IndexedWords)[]> {
  const rows: (P & IndexedWords)[] = []
  for (const passage of passages) {
    rows.push({ ...passage, ...indexedWords(passage.segments, spoken) })
    if (rows.length % madeAtOnce === 0) await breathe()
  }
  return rows
}

const textOf = ({ segments }: Passage): string => segments.map(segment => segment.text).join(' ')

/** By what rules, and by whom. */
const languageOf = (transcript: Pick<Transcript, 'segments' | 'language'> | null) => ({
  stemmer: stemmerOf(transcript?.language ?? 'und', transcript?.segments.map(({ text }) => text) ?? []),
  speakers: speakersOf(transcript?.segments ?? []),
})

/** Makes the words of passages anew that an older version has indexed. Their vectors stay. */
export async function reindexOutdated(
  { transcripts, db }: Pick<IndexingOptions, 'transcripts'> & { db: Db },
  signal: AbortSignal,
): Promise<number> {
  const outdated = await findOutdated(db)
  for (const videoId of outdated) {
    if (signal.aborted) break
    const spoken = languageOf(await transcripts.get(videoId))
    await reindexPassages(db, await withWords(await findPassagesOf(db, videoId), spoken))
  }
  return outdated.length
}

function vectorAt(embedded: PassageVectors | null, at: number): Partial<NewPassageRow> {
  const embedding = embedded?.vectors[at]
  if (!embedded || !embedding) return {}
  return { embedding, embeddingModel: embedded.signature, embeddingDimension: embedded.dimension }
}
