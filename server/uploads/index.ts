/** Bytes come in: as a form, straight to an address that was made for them, or in parts that can be taken up again. */
import { AppError } from '../platform/errors.ts'
import { createClaims } from './claims.ts'
import { createDirectUploads } from './direct.ts'
import { createOnce } from './once.ts'
import { createPastServer } from './past-server.ts'
import { createResumableUploads } from './resumable.ts'
import { uploadRoutes } from './routes.ts'
import { createUploadService } from './service.ts'
import { createSweep } from './sweep.ts'
import { createTakeDirect } from './take-direct.ts'
import type { UploadsOptions } from './uploads.ts'

export { listOldParts, uploadClaimants } from './claimants.ts'
export type { UploadsOptions } from './uploads.ts'

export function createUploads(options: UploadsOptions) {
  const stopping = new AbortController()
  const service = createUploadService(options)
  const claims = createClaims(options)
  const take = createTakeDirect(options, service)
  const pastServer = createPastServer(options, { claims, take, stopping: stopping.signal })
  const direct = createDirectUploads(options, { take, claims, pastServer })
  const resumable = createResumableUploads(options, { service, claims, stopping: stopping.signal })
  const sweep = createSweep(options, { claims, resumable, pastServer, stopping: stopping.signal })
  return {
    routes: uploadRoutes(
      { service, direct, pastServer, videos: options.videos, once: createOnce(options) },
      options.limits,
    ),
    /** Takes its requests before Koa does. */
    resumable: resumable.handle,
    /** Call it when jobs can be enqueued. */
    start: sweep.start,
    async stop() {
      stopping.abort(new AppError('server.stopping', 'The server is stopping.'))
      await sweep.stop()
    },
  }
}
