import { type StageState, type Video, type VideoId, videoStream } from '../../shared/index.ts'
import { fail } from '../platform/errors.ts'
import type { Writing } from '../platform/journal/index.ts'
import { findFirst } from './duplicates.ts'
import { enterFilm } from './ledger-queries.ts'
import { presentVideo } from './present.ts'
import { insertVideo, lockVideo, type NewVideoRow, updateVideo } from './queries.ts'
import type { StageProgress } from './stage-progress.ts'
import { newStages, statusOf } from './stages.ts'
import type { AwaitedVideo, NewVideo } from './videos.ts'

/** What happens to a video whose bytes come after it. All but the first throw `video.not_found`. */
export interface UploadStage {
  /** A video exists that waits for its bytes. */
  announce(writing: Writing, video: AwaitedVideo): Promise<Video>
  /** The bytes are coming, or are waited for again. */
  change(writing: Writing, id: VideoId, state: 'running' | 'pending'): Promise<void>
  /** The bytes are here: the same as `create`, for a video that waited. */
  complete(writing: Writing, video: NewVideo): Promise<Video>
  refuse(writing: Writing, id: VideoId, error: { code: string; message: string }): Promise<void>
  /** Tells the room how much has come; volatile. Call `end` when no more is coming. */
  progress(id: VideoId): { report(percent: number): void; end(): void }
}

/** For whatever hangs on how long a film is, in the transaction in which that becomes known. */
export type OnLength = (writing: Writing, film: { id: VideoId; durationSeconds: number }) => Promise<void>

interface Change {
  state: StageState
  reason?: string
  columns?: Partial<NewVideoRow>
}

export function createUploadStage(progress: StageProgress, onLength: OnLength): UploadStage {
  const enter = async ({ tx, append }: Writing, id: VideoId, { state, reason, columns = {} }: Change) => {
    const before = await lockVideo(tx, id)
    if (!before) throw fail('video.not_found')
    const why = reason === undefined ? {} : { reason }
    const stages = { ...before.stages, upload: { state, ...why } }
    const status = statusOf(stages, columns.playable ?? before.playable)
    const after = (await updateVideo(tx, id, { ...columns, stages, status })) ?? before
    const video = presentVideo(after, progress)
    if (state === 'done') append(videoStream(id), 'video.uploaded', { video })
    append(videoStream(id), 'video.stage_changed', { stage: 'upload', state, ...why })
    if (status !== before.status) append(videoStream(id), 'video.status_changed', { status })
    return video
  }

  return {
    async announce({ tx, append }, video) {
      // Nobody else has to send what we fetch.
      const stages = newStages(video.source === 'url' ? 'running' : 'pending')
      const states = { status: statusOf(stages, false), playable: false, transcriptState: 'pending' as const }
      const row = await insertVideo(tx, { ...video, stages, ...states })
      const presented = presentVideo(row, progress)
      append(videoStream(row.id), 'video.created', { video: presented })
      return presented
    },
    change: async (writing, id, state) => void (await enter(writing, id, { state, columns: { error: null } })),
    async complete(writing, video) {
      // Before the video's row is locked, as everywhere.
      const duplicateOf = await findFirst(writing.tx, video.checksum, video.id)
      const columns = { ...mediaColumns(video), filename: video.filename, duplicateOf }
      const presented = await enter(writing, video.id, { state: 'done', columns })
      const film = { videoId: video.id, blob: video.originalBlob, bytes: video.sizeBytes }
      await enterFilm(writing.tx, film, 'came')
      if (presented.playable) writing.append(videoStream(video.id), 'video.playable', { video: presented })
      await onLength(writing, presented)
      return presented
    },
    async refuse(writing, id, error) {
      await enter(writing, id, { state: 'failed', reason: error.message, columns: { error } })
      writing.append(videoStream(id), 'video.failed', { error })
    },
    progress(id) {
      progress.begin(id, 'upload')
      return {
        report: percent => progress.report(id, 'upload', percent),
        end: () => progress.end(id, 'upload'),
      }
    },
  }
}

/** What a row says of its bytes. */
export function mediaColumns({ inspection, sizeBytes, checksum, originalBlob, captionsBlob, playable }: NewVideo) {
  const { durationSeconds, width, height, frameRate, videoCodec, audioCodec, ...media } = inspection
  return {
    ...{ sizeBytes, checksum, originalBlob, captionsBlob, playable },
    ...{ durationSeconds, width, height, frameRate, videoCodec, audioCodec, media },
  }
}
