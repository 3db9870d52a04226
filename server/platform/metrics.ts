import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** What Prometheus may read at /metrics. One registry an application, so that several can live in one process. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
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
    ...ofUploads(registers),
    ...ofStorage(registers),
    ...ofRooms(registers),
    ...ofTalk(registers),
  }
}

const ofUploads = (registers: Registry[]) => ({
  uploadedBytes: new Counter({ name: 'rushes_uploaded_bytes_total', help: 'Bytes of accepted uploads', registers }),
  uploads: new Counter({
    name: 'rushes_uploads_total',
    help: 'Accepted uploads by the way they came',
    labelNames: ['way'] as const,
    registers,
  }),
  refusedUploads: new Counter({
    name: 'rushes_uploads_refused_total',
    help: 'Uploads that were refused',
    labelNames: ['code'] as const,
    registers,
  }),
})

const ofStorage = (registers: Registry[]) => ({
  storageUsedBytes: new Gauge({
    name: 'rushes_storage_used_bytes',
    help: 'What all originals take, each once',
    registers,
  }),
  storageReservedBytes: new Gauge({
    name: 'rushes_storage_reserved_bytes',
    help: 'Announced by uploads that wait or are under way',
    registers,
  }),
  storageDerivedBytes: new Gauge({
    name: 'rushes_storage_derived_bytes',
    help: 'What all that is made of the originals takes',
    registers,
  }),
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
  ledgerMended: new Counter({
    name: 'rushes_storage_usage_mended_bytes_total',
    help: 'By how much what originals take was told wrong, as found when it was counted anew',
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

const ofRooms = (registers: Registry[]) => ({
  connections: new Gauge({ name: 'rushes_room_connections', help: 'Open sockets', registers }),
  slowConnections: new Counter({
    name: 'rushes_room_slow_connections_total',
    help: 'Sockets that were ended because they could not keep up',
    registers,
  }),
  rooms: new Gauge({ name: 'rushes_rooms', help: 'Rooms that someone is in through this server', registers }),
  roomPeople: new Gauge({
    name: 'rushes_room_people',
    help: 'People in rooms through this server, however many tabs they have',
    registers,
  }),
  roomServers: new Gauge({
    name: 'rushes_room_servers',
    help: 'Other servers that are heard of and share the rooms',
    registers,
  }),
  roomsLed: new Gauge({ name: 'rushes_rooms_led', help: 'Rooms in which someone leads', registers }),
  roomEvents: new Counter({
    name: 'rushes_room_events_total',
    help: 'Durable events',
    labelNames: ['type'] as const,
    registers,
  }),
})

const ofTalk = (registers: Registry[]) => ({
  rateLimited: new Counter({
    name: 'rushes_writes_refused_total',
    help: 'Messages, changes, reactions and questions that came faster than one person may write',
    registers,
  }),
  requestsRateLimited: new Counter({
    name: 'rushes_socket_requests_refused_total',
    help: 'Requests of sockets that came faster than one may ask, by their pace; what is written is counted apart',
    labelNames: ['pace'],
    registers,
  }),
  answers: new Counter({
    name: 'rushes_answers_total',
    help: 'Answers',
    labelNames: ['outcome'] as const,
    registers,
  }),
  answerTokens: new Counter({
    name: 'rushes_answer_tokens_total',
    help: 'Tokens that the language model counted for answers',
    labelNames: ['direction'] as const,
    registers,
  }),
  answerCost: new Counter({
    name: 'rushes_answer_cost_usd_total',
    help: 'What those tokens cost by the configured prices, in US dollars',
    registers,
  }),
  notes: new Counter({
    name: 'rushes_notes_total',
    help: 'Files of notes that were given out',
    labelNames: ['format'] as const,
    registers,
  }),
})
