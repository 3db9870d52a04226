import type { IdempotencyKeys, TakeIn } from '../intake/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Jobs } from '../platform/jobs/index.ts'
import type { Journal } from '../platform/journal/index.ts'
import type { Leases } from '../platform/leases/index.ts'
import type { SiteLimits } from '../platform/outbound/index.ts'
import type { VideoService } from '../videos/index.ts'
import type { FetchMetrics } from './metrics.ts'

export interface FetchLimits extends SiteLimits {
  /** For one film, from the beginning of an attempt. */
  timeoutSeconds: number
  attempts: number
}

export interface FetchesOptions {
  database: Database
  journal: Journal
  leases: Leases
  jobs: Pick<Jobs, 'ask' | 'wake'>
  videos: Pick<VideoService, 'get' | 'rename' | 'uploading' | 'quota'>
  takeIn: TakeIn
  /** A request with an Idempotency-Key makes it, or is answered with what another one made. */
  idempotencyKeys: IdempotencyKeys
  /** Where films lie while they come: on the file system of the blobs, so that the end of it is a rename. */
  partsDirectory: string
  limits: FetchLimits
  metrics: FetchMetrics
}

/** The kind of its job. */
export const fetchKind = 'fetch'
