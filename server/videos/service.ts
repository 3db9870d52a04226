import {
  type Job,
  type StageKind,
  type Video,
  type VideoId,
  type VideoStatus,
  videoStream,
} from '../../shared/index.ts'
import type { BlobStore } from '../platform/blobs/index.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import { fail } from '../platform/errors.ts'
import type { NotifyAll } from '../platform/hub/index.ts'
import type { Jobs } from '../platform/jobs/index.ts'
import { type Append, forgetEvents, type Journal } from '../platform/journal/index.ts'
import type { Leases } from '../platform/leases/index.ts'
import type { Removals } from '../platform/removals/index.ts'
import { forgetRenditions } from '../platform/renditions/index.ts'
import { findFirst, passOn } from './duplicates.ts'
import { filmLease } from './film-lease.ts'
import { enterFilm } from './ledger-queries.ts'
import { createOriginalFiles, type OriginalFiles } from './original-files.ts'
import { lockOriginal, originalKey } from './original-queries.ts'
import { presentRecord, presentVideo } from './present.ts'
import {
  deleteVideo,
  findVideo,
  insertVideo,
  listUnfinished,
  listVideos,
  lockVideo,
  updateVideo,
  type VideoRow,
} from './queries.ts'
import { createQuota, type Quota } from './quota.ts'
import { createRecordCache } from './record-cache.ts'
import { createStages } from './run-stage.ts'
import type { StoredStages } from './schema.ts'
import { createStageProgress } from './stage-progress.ts'
import { newStages, statusOf, transcriptStateOf } from './stages.ts'
import { createUploadStage, mediaColumns, type OnLength, type UploadStage } from './upload-stage.ts'
import type { NewVideo, Videos } from './videos.ts'

export interface VideosOptions {
  database: Database
  journal: Journal
  blobs: BlobStore
  notify: NotifyAll
  jobs: Pick<Jobs, 'askFor' | 'forget' | 'abandon'>
  removals: Pick<Removals, 'note' | 'now'>
  leases: Pick<Leases, 'takeWithin' | 'revoke'>
  /** What all originals may take together, in bytes; 0, and when not given: no limit. */
  quotaBytes?: number
  /** Told of a film that came after its room was opened. */
  onLength?: OnLength
}
export interface VideoPage {
  limit: number
  cursor?: string | undefined
  status?: VideoStatus | undefined
  q?: string | undefined
}
/** What the roots and the upload domain may do beside `Videos`. */
export interface VideoService extends Videos {
  create(tx: Tx, append: Append, video: NewVideo): Promise<Video>
  list(page: VideoPage): Promise<{ items: Video[]; nextCursor: string | null }>
  /** The stage before the bytes are here. */
  uploading: UploadStage
  /** Where the films are. */
  originals: OriginalFiles
  /** How much room is left for more. */
  quota: Quota
  rename(id: VideoId, title: string): Promise<Video>
  remove(id: VideoId): Promise<void>
  /** Asks for a stage, again if need be. Throws `video.not_found`, `video.not_uploaded`. */
  runStage(id: VideoId, kind: StageKind, requestedBy: string | null): Promise<Job>
  unfinished(): Promise<{ id: VideoId; stages: StoredStages }[]>
}

const folderOf = (id: VideoId) => `videos/${id}/`
const notFound = () => fail('video.not_found')

export function createVideoService(options: VideosOptions): VideoService {
  const { database, journal, blobs, removals, leases, notify, jobs } = options
  const { quotaBytes = 0, onLength = async () => {} } = options
  const progress = createStageProgress(notify)
  const quota = createQuota({ database, quotaBytes })
  const originals = createOriginalFiles({ database, blobs, removals, leases, quota })
  const removeFiles = async (id: VideoId) => {
    await database.transaction(tx => removals.note(tx, [folderOf(id)]))
    await removals.now([folderOf(id)])
  }
  const row = async (id: VideoId): Promise<VideoRow> => {
    const found = await findVideo(database.db, id)
    if (!found) throw notFound()
    return found
  }

  return {
    stages: createStages({ database, journal, progress, removeFiles }),
    get: async id => presentVideo(await row(id), progress),
    record: createRecordCache(journal, async id => presentRecord(await row(id), progress)),
    async touch(tx, id) {
      if (!(await updateVideo(tx, id, {}))) throw notFound()
    },
    async create(tx, append, video) {
      const duplicateOf = await findFirst(tx, video.checksum, video.id)
      const inserted = await insertVideo(tx, { ...newRow(video), duplicateOf })
      await enterFilm(tx, filmOf(video), 'came')
      const presented = presentVideo(inserted, progress)
      append(videoStream(inserted.id), 'video.created', { video: presented })
      if (inserted.playable) append(videoStream(inserted.id), 'video.playable', { video: presented })
      return presented
    },
    uploading: createUploadStage(progress, onLength),
    originals,
    quota,
    async list({ limit, cursor, status, q }) {
      const rows = await listVideos(database.db, { limit: limit + 1, before: cursor as VideoId | undefined, status, q })
      const items = rows.slice(0, limit).map(each => presentVideo(each, progress))
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
    rename: (id, title) =>
      journal.transact(async (tx, append) => {
        const renamed = (await lockVideo(tx, id)) && (await updateVideo(tx, id, { title }))
        if (!renamed) throw notFound()
        append(videoStream(id), 'video.renamed', { title })
        return presentVideo(renamed, progress)
      }),
    async remove(id) {
      // Whoever is told that it is gone should not find its files in a store that was away.
      await blobs.check()
      const unwanted = await journal.transact(async (tx, append) => {
        // Whoever brings its film finds out.
        await leases.revoke(tx, filmLease(id))
        await quota.giveUp(tx, id)
        const { checksum, originalBlob, sizeBytes } = await erase(tx, id)
        if (checksum !== null) await passOn(tx, checksum, id)
        if (originalBlob !== null)
          await enterFilm(tx, { videoId: id, blob: originalBlob, bytes: sizeBytes ?? 0 }, 'went')
        const original = await originals.leave(tx, originalBlob)
        const files = [folderOf(id), ...(await elsewhere(tx, id))]
        await removals.note(tx, files)
        await jobs.forget(tx, videoStream(id))
        await forgetEvents(tx, videoStream(id))
        append(videoStream(id), 'video.deleted', {})
        return [...files, ...original]
      })
      jobs.abandon(videoStream(id))
      await removals.now(unwanted)
    },
    runStage: (id, kind, requestedBy) =>
      jobs.askFor({ kind, subject: videoStream(id), requestedBy }, async tx => {
        const video = await lockVideo(tx, id)
        if (!video) throw notFound()
        presentRecord(video, progress)
      }),
    unfinished: () => listUnfinished(database.db),
  }
}

/** Under the lock of its original, which is known only from the video: its film may come just now. Throws `video.not_found`. */
async function erase(tx: Tx, id: VideoId) {
  for (;;) {
    const found = await findVideo(tx, id)
    if (!found) throw notFound()
    if (found.checksum !== null) await lockOriginal(tx, originalKey(found.checksum))
    const erased = await deleteVideo(tx, id, found.checksum)
    if (erased) return erased
  }
}

/** What was made of it and lies elsewhere than in its folder. Forgets all of it. */
async function elsewhere(tx: Tx, id: VideoId): Promise<string[]> {
  const keys = await forgetRenditions(tx, videoStream(id))
  return keys.filter(key => !key.startsWith(folderOf(id)))
}

const filmOf = ({ id, originalBlob, sizeBytes }: NewVideo) => ({ videoId: id, blob: originalBlob, bytes: sizeBytes })

function newRow(video: NewVideo) {
  const stages = newStages('done')
  const { id, title, filename, source, requestedBy = null } = video
  return {
    ...{ id, title, filename, source, requestedBy, stages },
    ...mediaColumns(video),
    status: statusOf(stages, video.playable),
    transcriptState: transcriptStateOf(stages).state,
  }
}
