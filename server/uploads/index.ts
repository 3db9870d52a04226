/** Bytes come in: as a form, straight to an address that was made for them, or in parts that can be taken up again. */
import { fail } from '../platform/errors.ts'
import { createDirectUploads } from './direct.ts'
import { createDirectToBucket } from './direct-to-bucket.ts'
import { createIdempotencyKeys } from './idempotency-keys.ts'
import { createReceivers } from './receivers.ts'
import { createResumableUploads } from './resumable.ts'
import { uploadRoutes } from './routes.ts'
import { createUploadService } from './service.ts'
import { createSweep } from './sweep.ts'
import { createTakeDirect } from './take-direct.ts'
import type { UploadsOptions } from './uploads.ts'

export { listOldParts, uploadClaimants } from './claimants.ts'
export { uploadMetrics } from './metrics.ts'
export { resumablePaths } from './openapi-resumable.ts'
export type { UploadsOptions } from './uploads.ts'

export function createUploads(options: UploadsOptions) {
  const stopping = new AbortController()
  const service = createUploadService(options)
  const receivers = createReceivers(options)
  const take = createTakeDirect(options, service)
  const toBucket = createDirectToBucket(options, { receivers, take, stopping: stopping.signal })
  const direct = createDirectUploads(options, { take, receivers, toBucket })
  const resumable = createResumableUploads(options, { service, receivers, stopping: stopping.signal })
  const sweep = createSweep(options, { receivers, resumable, toBucket, stopping: stopping.signal })
  return {
    routes: uploadRoutes(
      { service, direct, toBucket, receivers, videos: options.videos, once: createIdempotencyKeys(options) },
      options.limits,
    ),
    /** Takes its requests before Koa does. */
    resumable: resumable.handle,
    /** Call it when jobs can be enqueued. */
    start: sweep.start,
    async stop() {
      stopping.abort(fail('server.stopping'))
      await sweep.stop()
    },
  }
}
