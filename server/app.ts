import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../package.json' with { type: 'json' }
import { createAccounts } from './accounts/index.ts'
import { createChat } from './chat/index.ts'
import { type Config, requireKeyBeyondLoopback } from './config.ts'
import { answerOptions, embedderOptions, speechOptions } from './engine-options.ts'
import { createOperations } from './operations/index.ts'
import { follow, type JobName, unfinished } from './pipeline.ts'
import { createDiskBlobs } from './platform/blobs/index.ts'
import { openDatabase } from './platform/db/index.ts'
import { messageOf } from './platform/errors.ts'
import { createFfmpeg } from './platform/ffmpeg/index.ts'
import { createKoa, type HttpHandlers, listen, mountRoutes, servePage } from './platform/http/index.ts'
import { createHub, type SocketHandlers } from './platform/hub/index.ts'
import { createJournal } from './platform/journal/index.ts'
import { createLog } from './platform/log.ts'
import { createMetrics } from './platform/metrics.ts'
import { type AnyJob, createQueue } from './platform/queue/index.ts'
import { browserPlays, createProbe } from './probe/index.ts'
import { createRenditions } from './renditions/index.ts'
import { createRooms } from './rooms/index.ts'
import { createSearch } from './search/index.ts'
import { createTranscripts, parseCaptions } from './transcripts/index.ts'
import { createUploads } from './uploads/index.ts'
import { createVideos } from './videos/index.ts'

export interface App {
  /** Where it listens. */
  url: string
  stop(): Promise<void>
}

const pageDirectory = fileURLToPath(new URL('../web/dist', import.meta.url))
const { version } = packageJson

/** The only place where things are constructed. `stop` undoes it in reverse, and so does a fault half-way. */
export async function createApp(config: Config): Promise<App> {
  await using started = new AsyncDisposableStack()
  const log = createLog({ level: config.LOG_LEVEL, pretty: config.LOG_PRETTY })
  const metrics = createMetrics()

  // Plumbing
  const database = started.adopt(await openDatabase(databaseOptions(config)), it => it.stop())
  const accounts = await createAccounts({ database, configuredKey: config.RUSHES_API_KEY })
  requireKeyBeyondLoopback(config, accounts.anyKey())
  const queue = createQueue({
    database,
    log,
    onSettled: ({ name, seconds, ok }) => metrics.jobSeconds.observe({ job: name, ok: String(ok) }, seconds),
  })
  const journal = createJournal({ database, follow, enqueue: queue.enqueue, wake: queue.wake, log })
  const blobs = createDiskBlobs({ directory: join(config.DATA_DIR, 'blobs') })
  const ffmpeg = started.adopt(createFfmpeg(mediaOptions(config, log)), it => it.stop())
  // The first upload should not wait for the threads to start.
  const warm = ffmpeg
    .version()
    .catch(fault => log.error({ reason: messageOf(fault) }, 'there is no ffmpeg: nothing can be taken in'))
  const hub = createHub({ log, metrics, authenticate: accounts.authenticate, maxConnections: config.MAX_CONNECTIONS })
  const { notify, members, onGone } = hub

  // Domains, in the order in which data flows
  const abortJobs = (id: string) => queue.abort(payload => (payload as { videoId?: string }).videoId === id)
  const videos = createVideos({ database, journal, blobs, notify, abortJobs })
  const probe = createProbe({ ffmpeg, limits: { maxDurationSeconds: config.MAX_DURATION_SECONDS } })
  const uploads = createUploads({
    videos,
    journal,
    blobs,
    probe,
    browserPlays,
    checkCaptions: parseCaptions,
    log,
    metrics,
    limits: uploadLimits(config),
  })
  const renditions = createRenditions({ ffmpeg, blobs, videos, timeoutSeconds: config.MEDIA_TIMEOUT_SECONDS })
  const transcripts = started.adopt(
    createTranscripts({ database, journal, blobs, videos, ffmpeg, log, ...speechOptions(config) }),
    it => it.stop(),
  )
  const search = started.adopt(createSearch({ database, videos, transcripts, log, ...embedderOptions(config) }), it =>
    it.stop(),
  )
  const chat = started.adopt(
    createChat({ database, journal, videos, search, transcripts, notify, log, metrics, ...answerOptions(config) }),
    it => it.stop(),
  )
  const rooms = createRooms({ videos, journal, notify, members, onGone, messages: chat })
  const operations = createOperations({
    ...{ version, metrics, queueDepth: queue.depth },
    parts: {
      database: async () => `${database.kind}, ${(await database.sql`select 1`).length} answer`,
      queue: async () => `${await queue.depth()} jobs unfinished`,
      ffmpeg: ffmpeg.version,
    },
    engines: { transcript: transcripts.health, embeddings: search.health, answers: chat.health },
  })

  // What the pipeline may start, and every door's handlers: one that is missing does not compile
  const jobs = { ...renditions.jobs, ...transcripts.jobs, ...search.jobs } satisfies Record<JobName, AnyJob>
  const handlers: HttpHandlers = {
    ...{ ...videos.routes, ...rooms.routes, ...uploads.routes, ...renditions.routes },
    ...{ ...transcripts.routes, ...search.routes, ...chat.routes, ...operations.routes },
  }
  const requests: SocketHandlers = { ...rooms.live, ...chat.live }

  // Doors open last, and close first
  journal.onCommitted(frame => {
    for (const { type } of frame.events) metrics.roomEvents.inc({ type })
    hub.deliver(frame)
  })
  hub.serve(requests)
  started.defer(() => queue.stop())
  await queue.start(Object.values(jobs), { work: config.ROLE !== 'api' })
  await queue.resume(
    (await videos.unfinished()).flatMap(({ id, stages }) =>
      unfinished(stages).map(name => ({ name, payload: { videoId: id } })),
    ),
  )
  const koa = createKoa({ log, metrics })
  mountRoutes(koa, { handlers, authenticate: accounts.authenticate })
  koa.use(servePage(pageDirectory))
  await warm
  const server = started.adopt(await listen(koa.callback(), config), it => it.stop())
  hub.attach(server.http)
  started.defer(() => hub.stop())
  log.info({ url: server.url, version, database: database.kind }, 'listening')

  const running = started.move()
  return { url: server.url, stop: () => running.disposeAsync() }
}

const databaseOptions = (config: Config) => ({
  url: config.DATABASE_URL ?? null,
  dataDirectory: config.DATA_DIR,
  poolSize: config.DATABASE_POOL_SIZE,
})
const uploadLimits = (config: Config) => ({
  uploadBytes: config.MAX_UPLOAD_BYTES,
  captionsBytes: config.MAX_CAPTIONS_BYTES,
})
const mediaOptions = (config: Config, log: ReturnType<typeof createLog>) => ({
  ...{ threads: config.MEDIA_THREADS, memoryBytes: config.MEDIA_MEMORY_BYTES, niceness: config.MEDIA_NICENESS, log },
})
