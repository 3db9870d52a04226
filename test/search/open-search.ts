import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { BlobStore } from '../../server/platform/blobs/index.ts'
import type { Database } from '../../server/platform/db/index.ts'
import { createJournal } from '../../server/platform/journal/index.ts'
import { createLeases } from '../../server/platform/leases/index.ts'
import { createLog, type Log } from '../../server/platform/log.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import type { EmbedderRungsOptions, SearchOptions } from '../../server/search/index.ts'
import { createSearch } from '../../server/search/index.ts'
import { createVideos, type NewVideo } from '../../server/videos/index.ts'
import type { Segment, VideoId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { writeTinyMiniLm } from '../support/tiny-models/tiny-minilm.ts'
import { noJobs, nothingFollows, runByHand } from '../support/without-jobs.ts'

export const models = process.env.RUSHES_MODELS
export const skipWithoutModels = models === undefined && 'RUSHES_MODELS is not set'
export const tinyModel = 'tiny/minilm'

/** No rung can stand, unless a test puts one there. */
export const noEmbedders: EmbedderRungsOptions = {
  embedder: 'auto',
  transformers: { model: tinyModel, modelsDir: 'nowhere', allowDownload: false },
  openai: {},
}

const soon = { pausesMs: [1, 1, 1, 1, 1] }

/** Puts the tiny model into a models directory. */
export const addTinyModel = (modelsDir: string, seed = 1): Promise<void> =>
  writeTinyMiniLm({ source: join(models ?? '', 'Xenova/all-MiniLM-L6-v2'), target: join(modelsDir, tinyModel), seed })

/** Four seconds each, one after the other; a number in between is a pause of so many seconds. */
export function spoken(...said: (string | number)[]): Segment[] {
  const segments: Segment[] = []
  let startSeconds = 0
  for (const each of said) {
    if (typeof each === 'number') {
      startSeconds += each
      continue
    }
    segments.push({ index: segments.length, startSeconds, endSeconds: startSeconds + 4, text: each, words: [] })
    startSeconds += 4
  }
  return segments
}

/** The rungs that differ, and how one that fails is waited for. */
export type SearchSetting = Partial<EmbedderRungsOptions> & Pick<SearchOptions, 'patience'>

/** The domain on a real database, journal and video record. Transcripts are given by hand. */
export async function openSearch(database: Database, { patience = soon, ...embedders }: SearchSetting = {}) {
  const warnings: string[] = []
  const log: Log = {
    ...createLog({ level: 'silent', pretty: false }),
    warn: (...said: unknown[]) => void warnings.push(JSON.stringify(said)),
  }
  const journal = createJournal({ database, ...nothingFollows, log })
  // Removing a video removes its files; these have none.
  const blobs = { check: async () => 'none', removeAll: async () => {} } as unknown as BlobStore
  const videos = createVideos({
    database,
    journal,
    blobs,
    removals: createRemovals({ database, blobs, log }),
    leases: createLeases({ database, log }),
    notify: () => {},
    jobs: noJobs,
  })
  const transcripts = new Map<VideoId, Segment[]>()
  const search = createSearch({
    ...{ database, videos, log, patience, embedders: { ...noEmbedders, ...embedders } },
    transcripts: {
      async get(videoId) {
        const segments = transcripts.get(videoId)
        return segments ? { segments, language: 'und' } : null
      },
    },
  })

  const index = async (videoId: VideoId, signal = new AbortController().signal) =>
    void (await runByHand(journal, search.jobs.search, { videoId, signal, log }))
  /** A video with this transcript, searchable. */
  async function addVideo(segments: Segment[] | null): Promise<VideoId> {
    const { id } = await journal.transact((tx, append) => videos.create(tx, append, newVideo()))
    if (segments) transcripts.set(id, segments)
    await index(id)
    return id
  }
  /** One that is there, with another transcript. */
  async function addTranscript(id: VideoId, segments: Segment[]): Promise<void> {
    await database.db.execute(sql`update videos set stages = stages - 'search' where id = ${id}`)
    transcripts.set(id, segments)
  }
  const setting = { search, videos, journal, database, transcripts, index, addVideo, addTranscript, warnings }
  return { ...setting, [Symbol.asyncDispose]: search.stop }
}

/** With a database of its own. */
export async function openSearchAlone(setting: SearchSetting = {}) {
  const opened = await openTestDatabase()
  const { [Symbol.asyncDispose]: stop, ...search } = await openSearch(opened.database, setting)
  return {
    ...search,
    async [Symbol.asyncDispose]() {
      await stop()
      await opened[Symbol.asyncDispose]()
    },
  }
}

const newVideo = (): NewVideo => ({
  ...{ id: uuidv7() as VideoId, title: 'A film', filename: 'film.mp4', source: 'upload', sizeBytes: 1 },
  ...{ checksum: `sha256:${'0'.repeat(64)}`, originalBlob: 'none', captionsBlob: null, playable: true },
  inspection: {
    ...{ durationSeconds: 600, width: null, height: null, frameRate: null, videoCodec: null, audioCodec: null },
    ...{ contentType: 'video/mp4', container: 'mp4', fastStart: true, videoStream: null, audioStream: null },
    ...{ subtitleStreams: [], pixelFormat: null },
  },
})
