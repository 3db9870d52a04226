import type { VideoId } from '../../shared/index.ts'
import type { BlobStore, FileWriter } from '../platform/blobs/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Leases } from '../platform/leases/index.ts'
import type { Log } from '../platform/log.ts'
import type { NewVideo, VideoService } from '../videos/index.ts'
import type { UploadMetrics } from './metrics.ts'

export type Inspection = NewVideo['inspection']

export interface UploadLimits {
  uploadBytes: number
  captionsBytes: number
  /** How long a direct or resumable upload is waited for. */
  expiresSeconds: number
}

export interface UploadsOptions {
  database: Database
  leases: Leases
  videos: Pick<VideoService, 'create' | 'get' | 'remove' | 'uploading' | 'originals' | 'quota'>
  journal: Journal
  blobs: BlobStore
  /** Writes what comes. */
  writer: FileWriter
  /** Films for direct uploads may be sent to the bucket of the object store, and not through this server. */
  toBucket: boolean
  /** Where parts of resumable uploads lie: on the file system of the blobs, so that finishing is a rename. */
  partsDirectory: string
  /** What the bytes are, from the bytes: the look at their head refuses early, the whole decides. Both throw `upload.unsupported_media`. */
  probe: {
    sniff(head: Uint8Array, filename: string): Promise<unknown>
    inspect(path: string, options: { filename: string; signal: AbortSignal }): Promise<Inspection>
  }
  /** True when browsers play such a film as it is. */
  browserPlays: (inspection: Inspection) => boolean
  /** Throws `upload.unsupported_captions`. */
  checkCaptions: (bytes: Uint8Array) => unknown
  limits: UploadLimits
  log: Log
  metrics: UploadMetrics
}

/** One upload under way: its video's id is chosen before the first byte arrives. */
export interface Incoming {
  id: VideoId
  filename: string
  title: string
  /** The `id` of the caller who sends it, or had it sent. */
  requestedBy: string | null
  way: 'multipart' | 'direct' | 'resumable'
}

/** What a request made. */
export interface Made {
  videoId: VideoId
  /** When it was a direct upload. */
  uploadId: string | null
}
