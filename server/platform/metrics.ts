import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type PlatformMetrics = ReturnType<typeof platformMetrics>

/** One an application, so that several can live in one process. The process itself is measured in it from the start. */
export function createRegistry(): Registry {
  const register = new Registry()
  collectDefaultMetrics({ register })
  return register
}

/** What can be said of any server, whatever it is for. */
export function platformMetrics(registry: Registry) {
  const registers = [registry]
  return {
    httpSeconds: new Histogram({
      name: 'rushes_http_request_seconds',
      help: 'Time until the answer was sent',
      labelNames: ['route', 'method', 'status'] as const,
      buckets: [0.002, 0.01, 0.05, 0.2, 1, 5, 30],
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'rushes_job_seconds',
      help: 'Time that a job ran',
      labelNames: ['job', 'ok'] as const,
      buckets: [0.05, 0.2, 1, 5, 30, 120, 600, 3600],
      registers,
    }),
    jobsWaiting: new Gauge({ name: 'rushes_jobs_unfinished', help: 'Jobs that wait or run', registers }),
    ...ofStorage(registers),
    ...ofSockets(registers),
  }
}

const ofStorage = (registers: Registry[]) => ({
  removalsWaiting: new Gauge({
    name: 'rushes_storage_removals_waiting',
    help: 'Stored files and folders that nobody wants any more and that are not removed yet',
    registers,
  }),
  unnamedFiles: new Gauge({
    name: 'rushes_storage_unnamed_files',
    help: 'Stored files that no record named when the storage was swept last',
    registers,
  }),
  storageSeconds: new Histogram({
    name: 'rushes_storage_request_seconds',
    help: 'Time until the object store answered, by what it was asked for',
    labelNames: ['operation', 'ok'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers,
  }),
  storageCopies: new Counter({
    name: 'rushes_storage_local_copies_total',
    help: 'Files that tools asked for, by whether a local copy of the object was there',
    labelNames: ['hit'] as const,
    registers,
  }),
  databaseSnapshot: new Gauge({
    name: 'rushes_database_snapshot_timestamp_seconds',
    help: 'When the newest snapshot of the embedded database was taken; 0: none yet, or another database',
    registers,
  }),
})

const ofSockets = (registers: Registry[]) => ({
  requestsRateLimited: new Counter({
    name: 'rushes_socket_requests_refused_total',
    help: 'Requests of sockets that came faster than one may ask, by their pace; what is written is counted apart',
    labelNames: ['pace'],
    registers,
  }),
})
