/** What those who run the server look at: health, metrics, jobs, the contract. */
import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { Registry } from 'prom-client'
import { AppError } from '../platform/errors.ts'
import { type HttpHandlers, keepText, openApiDocument } from '../platform/http/index.ts'
import type { Jobs } from '../platform/jobs/index.ts'
import type { PlatformMetrics } from '../platform/metrics.ts'
import type { VideoMetrics } from '../videos/index.ts'
import { createHealth, type HealthOptions } from './health.ts'
import { jobRoutes } from './job-routes.ts'
import { createWatch } from './watch.ts'

export interface OperationsOptions extends HealthOptions {
  metrics: Measured & { registry: Registry }
  /** Where people reach this server, when that is known. */
  publicUrl: string | undefined
  /** What is spoken here beside the contract's routes: OpenAPI's paths. */
  protocols: Record<string, object>
  jobs: Pick<Jobs, 'unfinished' | 'list' | 'get' | 'cancel' | 'retry' | 'remove'>
  lastSnapshot: (() => Date | undefined) | null
  storageUsage: () => Promise<StorageFigures>
}
/** What is asked for only when somebody reads the figures. */
type Measured = Pick<PlatformMetrics, 'jobsWaiting' | 'databaseSnapshot'> & VideoMetrics
type Handled = 'health.get' | 'health.ready' | 'metrics.get' | 'openapi.get'

const described = {
  title: 'Rushes',
  description: 'Realtime collaborative video analysis: watch, talk, ask, with time codes.',
}
/** How old the figures in `/metrics` may be that cost a query. */
const figuresMs = 2_000

export function createOperations({ metrics, jobs, ...options }: OperationsOptions) {
  const { lastSnapshot, storageUsage, version, publicUrl, protocols } = options
  const health = createHealth(options)
  const sendOpenApi = keepText(
    () => JSON.stringify(openApiDocument({ ...described, version, publicUrl, protocols })),
    'json',
  )
  const figures = createWatch<Figures | undefined>({
    ask: async () => ({ depth: await jobs.unfinished(), ...(await storageUsage()) }),
    // Without the database, all that this process knows by itself is told all the same.
    instead: (_why, before) => before,
    everyMs: () => figuresMs,
  })
  const write = onceATurn(() => metrics.registry.metrics())
  const routes: Pick<HttpHandlers, Handled> & ReturnType<typeof jobRoutes> = {
    ...jobRoutes(jobs),
    'health.get': health.read,
    'health.ready': async () => {
      const report = await health.read()
      if (report.status === 'down')
        throw new AppError('server.busy', 'A needed part is down.', { details: report.parts })
      return report
    },
    'metrics.get': async ({ ctx }) => {
      const { value: known } = await figures.read()
      if (known) tell(metrics, known)
      metrics.databaseSnapshot.set((lastSnapshot?.()?.getTime() ?? 0) / 1000)
      ctx.type = metrics.registry.contentType
      ctx.body = await write()
    },
    'openapi.get': async ({ ctx }) => sendOpenApi(ctx),
  }
  return {
    routes,
    /** Begins to find out how everything is. Who asks before it is known waits for the answer. */
    start: () => void health.read(),
    stop: async () => health.stop(),
  }
}

interface StorageFigures {
  usedBytes: number
  reservedBytes: number
  derivedBytes: number
}
interface Figures extends StorageFigures {
  depth: number
}

function tell(metrics: Measured, { depth, usedBytes, reservedBytes, derivedBytes }: Figures): void {
  metrics.jobsWaiting.set(depth)
  metrics.storageUsedBytes.set(usedBytes)
  metrics.storageReservedBytes.set(reservedBytes)
  metrics.storageDerivedBytes.set(derivedBytes)
}

/** All who ask in one turn of the event loop are given the same: it is made after the last of them has asked. */
function onceATurn<T>(make: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | null = null
  return () => {
    next ??= endOfTurn().then(() => {
      next = null
      return make()
    })
    return next
  }
}
