import { Counter, Histogram, type Registry } from 'prom-client'

export type FetchMetrics = ReturnType<typeof fetchMetrics>

export function fetchMetrics(registry: Registry) {
  const registers = [registry]
  return {
    fetchedBytes: new Counter({
      name: 'rushes_fetched_bytes_total',
      help: 'Bytes that came from addresses',
      registers,
    }),
    fetches: new Counter({
      name: 'rushes_fetches_total',
      help: 'Attempts to fetch a film from its address, by what came of them: `done`, or a failure',
      labelNames: ['outcome'] as const,
      registers,
    }),
    fetchSeconds: new Histogram({
      name: 'rushes_fetch_seconds',
      help: 'Time from the beginning of an attempt to fetch a film until it was a video, or failed',
      buckets: [0.5, 2, 10, 60, 300, 1800, 7200],
      registers,
    }),
  }
}
