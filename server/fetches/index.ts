/** Films at an address somewhere else: fetched by a job, and taken in like any other. */
import { mkdir } from 'node:fs/promises'
import { videoOfStream } from '../../shared/index.ts'
import { createSites } from '../platform/outbound/index.ts'
import type { FetchesOptions } from './fetches.ts'
import { createFetchJob } from './jobs.ts'
import { partFileAt } from './part-file.ts'
import { fetchRoutes } from './routes.ts'
import { createBeginFetch } from './service.ts'

export type { FetchesOptions, FetchLimits } from './fetches.ts'
export { fetchMetrics } from './metrics.ts'
export { listFetchedParts } from './part-file.ts'

export function createFetches(options: FetchesOptions) {
  const { journal, partsDirectory } = options
  const sites = createSites(options.limits)
  let deaf = () => {}
  return {
    routes: fetchRoutes(options, createBeginFetch(options, sites)),
    job: createFetchJob(options, sites),
    /** Before its job is run. */
    async start() {
      await mkdir(partsDirectory, { recursive: true })
      deaf = journal.onCommitted(({ stream, events }) => {
        const videoId = videoOfStream(stream)
        // What can't be removed now is, when what is old is.
        if (videoId && events.some(({ type }) => type === 'video.deleted'))
          partFileAt(partsDirectory, videoId)
            .remove()
            .catch(() => {})
      })
    },
    stop: async () => deaf(),
  }
}
