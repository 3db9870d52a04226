import type { IdempotencyKeys, TakeIn } from '../intake/index.ts'
import type { BlobStore, FileWriter } from '../platform/blobs/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Leases } from '../platform/leases/index.ts'
import type { Log } from '../platform/log.ts'
import type { VideoService } from '../videos/index.ts'

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
  takeIn: TakeIn
  /** A request with an Idempotency-Key makes it, or is answered with what another one made. */
  idempotencyKeys: IdempotencyKeys
  /** Throws `upload.unsupported_captions`. */
  checkCaptions: (bytes: Uint8Array) => unknown
  limits: UploadLimits
  log: Log
}
