import { clockTime, renditionPaths, type Video } from '../../shared/index.ts'
import { fail } from '../platform/errors.ts'
import type { Renditions } from '../platform/renditions/index.ts'
import type { VideoRow } from './queries.ts'
import type { StageProgress } from './stage-progress.ts'
import { progressOf, standing, withoutLaterStages } from './stages.ts'
import type { VideoRecord } from './videos.ts'

/** A row as the contract shows it. */
export function presentVideo(row: VideoRow, progress: StageProgress): Video {
  const path = `/api/videos/${row.id}`
  const stages = row.status === 'ready' ? withoutLaterStages(row.stages) : row.stages
  return {
    id: row.id,
    title: row.title,
    filename: row.filename,
    source: row.source,
    status: row.status,
    progress: progressOf(stages, stage => progress.percentOf(row.id, stage)),
    durationSeconds: row.durationSeconds ?? 0,
    duration: clockTime(row.durationSeconds ?? 0),
    width: row.width,
    height: row.height,
    frameRate: row.frameRate,
    videoCodec: row.videoCodec,
    audioCodec: row.audioCodec,
    sizeBytes: row.sizeBytes ?? 0,
    checksum: row.checksum ?? '',
    duplicateOf: row.duplicateOf,
    playable: row.playable,
    transcriptState: row.transcriptState,
    transcriptReason: row.transcriptReason,
    transcriptLanguage: row.transcriptLanguage,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    readyAt: row.readyAt?.toISOString() ?? null,
    error: row.error,
    links: {
      stream: `${path}/stream`,
      ...renditionLinks(path, row.renditions),
      scenes: standing(row.stages.scenes).state === 'done' ? `${path}/scenes` : null,
      transcript: row.transcriptState === 'ready' ? `${path}/transcript` : null,
      page: `/videos/${row.id}`,
    },
  }
}

type RenditionLinks = Record<keyof typeof renditionPaths, string | null>

function renditionLinks(path: string, renditions: Renditions): RenditionLinks {
  const links = Object.entries(renditionPaths).map(([name, below]) => [name, renditions[name] ? path + below : null])
  return Object.fromEntries(links) as RenditionLinks
}

/** Throws `video.not_uploaded`. */
export function presentRecord(row: VideoRow, progress: StageProgress): VideoRecord {
  if (row.media === null || row.originalBlob === null) throw fail('video.not_uploaded')
  const blobs = { original: row.originalBlob, captions: row.captionsBlob }
  return { ...row.media, blobs, renditions: row.renditions, video: presentVideo(row, progress) }
}
