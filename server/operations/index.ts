/** What those who run the server look at: health, metrics, the contract. */
import { AppError } from '../platform/errors.ts'
import { type HttpHandlers, openApiDocument } from '../platform/http/index.ts'
import type { Metrics } from '../platform/metrics.ts'
import { createHealth, type HealthOptions } from './health.ts'

export interface OperationsOptions extends HealthOptions {
  metrics: Metrics
  /** Where people reach this server, when that is known. */
  publicUrl: string | undefined
  /** Jobs that wait or run. */
  queueDepth: () => Promise<number>
  lastSnapshot: (() => Date | undefined) | null
  storageUsage: () => Promise<{ usedBytes: number; reservedBytes: number }>
}
type Handled = 'health.get' | 'health.ready' | 'metrics.get' | 'openapi.get'

export function createOperations({ metrics, queueDepth, publicUrl, ...options }: OperationsOptions) {
  const { lastSnapshot, storageUsage } = options
  const health = createHealth(options)
  const openApi = openApiDocument({ version: options.version, publicUrl })
  const routes: Pick<HttpHandlers, Handled> = {
    'health.get': () => health(),
    'health.ready': async () => {
      const report = await health()
      if (report.status === 'down')
        throw new AppError('server.busy', 'A needed part is down.', { details: report.parts })
      return report
    },
    'metrics.get': async ({ ctx }) => {
      metrics.jobsWaiting.set(await queueDepth())
      metrics.databaseSnapshot.set((lastSnapshot?.()?.getTime() ?? 0) / 1000)
      const { usedBytes, reservedBytes } = await storageUsage()
      metrics.storageUsedBytes.set(usedBytes)
      metrics.storageReservedBytes.set(reservedBytes)
      ctx.type = metrics.registry.contentType
      ctx.body = await metrics.registry.metrics()
    },
    'openapi.get': async ({ ctx }) => {
      ctx.body = openApi
    },
  }
  return { routes, health }
}
