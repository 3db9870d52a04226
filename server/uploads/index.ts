/** Bytes come in: multipart now; direct and resumable uploads later. */
import { uploadRoutes } from './routes.ts'
import { createUploadService } from './service.ts'
import type { UploadsOptions } from './uploads.ts'

export type { UploadsOptions } from './uploads.ts'

export function createUploads(options: UploadsOptions) {
  return { routes: uploadRoutes(createUploadService(options), options.limits) }
}
