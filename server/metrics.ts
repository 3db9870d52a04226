import { chatMetrics } from './chat/index.ts'
import { fetchMetrics } from './fetches/index.ts'
import { intakeMetrics } from './intake/index.ts'
import { noteMetrics } from './notes/index.ts'
import { createRegistry, platformMetrics } from './platform/metrics.ts'
import { roomMetrics } from './rooms/index.ts'
import { videoMetrics } from './videos/index.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** What Prometheus may read at /metrics: each domain's own. */
export function createMetrics() {
  const registry = createRegistry()
  return {
    registry,
    ...platformMetrics(registry),
    ...videoMetrics(registry),
    ...roomMetrics(registry),
    ...intakeMetrics(registry),
    ...fetchMetrics(registry),
    ...chatMetrics(registry),
    ...noteMetrics(registry),
  }
}
