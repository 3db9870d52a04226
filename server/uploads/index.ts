/** Bytes come in: as a form, straight to an address that was made for them, or in parts that can be taken up again. */
import { fail } from '../platform/errors.ts'
import { createDirectUploads } from './direct.ts'
import { createDirectToBucket } from './direct-to-bucket.ts'
import { createReceivers } from './receivers.ts'
import { createResumableUploads } from './resumable.ts'
import { uploadRoutes } from './routes.ts'
import { createSweep } from './sweep.ts'
import { createTakeDirect } from './take-direct.ts'
import type { UploadsOptions } from './uploads.ts'

export { listOldParts, uploadClaimants } from './claimants.ts'
export { resumablePaths } from './openapi-resumable.ts'
export { tusHeaders } from './tus-headers.ts'
export type { UploadsOptions } from './uploads.ts'

export function createUploads(options: UploadsOptions) {
  const stopping = new AbortController()
  const receivers = createReceivers(options)
  const take = createTakeDirect(options)
  const toBucket = createDirectToBucket(options, { receivers, take, stopping: stopping.signal })
  const direct = createDirectUploads(options, { take, receivers, toBucket })
  const resumable = createResumableUploads(options, { receivers, stopping: stopping.signal })
  const sweep = createSweep(options, { receivers, resumable, toBucket, stopping: stopping.signal })
  return {
    routes: uploadRoutes(options, { direct, toBucket }),
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
