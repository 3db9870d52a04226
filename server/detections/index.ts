/** What is seen in a film: its scenes. Whatever needs every frame hangs on one decode. */
import type { Database } from '../platform/db/index.ts'
import { type ScenesOptions, scenesJob } from './jobs.ts'
import { createReadAlong } from './read-along.ts'
import { detectionRoutes } from './routes.ts'

export interface DetectionsOptions extends Omit<ScenesOptions, 'readAlong'> {
  database: Database
}

export function createDetections(options: DetectionsOptions) {
  const readAlong = createReadAlong(options)
  return {
    /** For whoever decodes every frame before we do. */
    alongside: readAlong.alongside,
    jobs: { scenes: scenesJob({ ...options, readAlong }) },
    routes: detectionRoutes(options),
  }
}
