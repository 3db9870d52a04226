import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { v7 as uuidv7 } from 'uuid'
import packageJson from '../package.json' with { type: 'json' }
import { resumablePath, resumableScope, type StageKind, type VideoId, videoOfStream } from '../shared/index.ts'
import { accountRoutes, createAccounts, keyRouteNames } from './accounts/index.ts'
import { createChat } from './chat/index.ts'
import { type Config, isLoopback, requireKeyBeyondLoopback } from './config.ts'
import { databaseOptions } from './database-options.ts'
import { createDetections } from './detections/index.ts'
import { answerOptions, embedderOptions, speechOptions } from './engine-options.ts'
import { createFetches, listFetchedParts } from './fetches/index.ts'
import { healthParts } from './health-parts.ts'
import { fetchOptions, uploadOptions } from './incoming-options.ts'
import { createIdempotencyKeys, createTakeIn } from './intake/index.ts'
import { createLibrary, libraryEcho } from './library/index.ts'
import { createFfmpeg } from './media/index.ts'
import { createMetrics } from './metrics.ts'
import { createNotes, talkNotes } from './notes/index.ts'
import { openStorage } from './open-storage.ts'
import { createOperations } from './operations/index.ts'
import { pacesOf } from './paces.ts'
import { formerQueues, pipelineWithout } from './pipeline.ts'
import { createFileWriter } from './platform/blobs/index.ts'
import { operator } from './platform/caller.ts'
import { type Database, openDatabase } from './platform/db/index.ts'
import { createErrands, type Errands } from './platform/errands.ts'
import { isStopping, messageOf } from './platform/errors.ts'
import {
  type Authenticate,
  allowOrigins,
  controlSocketPath,
  createCallerAddress,
  createHandOff,
  createKoa,
  createRequestIds,
  createWarmDoor,
  type HttpHandlers,
  listen,
  mountRoutes,
  openControlSocket,
  openFrontDoor,
  openRawDoor,
  type Patience,
  servePage,
  usualPatience,
} from './platform/http/index.ts'
import { createHub, createLoneBus, createPaces, openRedisBus, type SocketHandlers } from './platform/hub/index.ts'
import { type AnyJob, createJobs } from './platform/jobs/index.ts'
import { createJournal, raiseOrigin } from './platform/journal/index.ts'
import { createLeases } from './platform/leases/index.ts'
import { createLog, type Log } from './platform/log.ts'
import { createRemovals, createStorageSweep } from './platform/removals/index.ts'
import { measureRenditions } from './platform/renditions/index.ts'
import { browserPlays, createProbe } from './probe/index.ts'
import { createRenditions, filmAddress, filmRoute } from './renditions/index.ts'
import { createRooms, plainRooms } from './rooms/index.ts'
import { createSearch } from './search/index.ts'
import { shareStreams } from './share-streams.ts'
import { sharedNotices } from './shared-notices.ts'
import { createTranscripts, parseCaptions } from './transcripts/index.ts'
import { createUploads, listOldParts, resumablePaths, tusHeaders, uploadClaimants } from './uploads/index.ts'
import { createVideos, type OnLength, videoClaimants } from './videos/index.ts'

export interface App {
  /** Where it listens. */
  url: string
  /** Resolves, with a sentence, when it can do nothing any more but end. */
  lost: Promise<Error>
  stop(): Promise<void>
}

const pageDirectory = fileURLToPath(new URL('../web/dist', import.meta.url))
const { version } = packageJson

/** Keeps what was started, to stop it in reverse. */
type Own = <T extends { stop(): Promise<void> }>(thing: T) => T

/** What stands around it. */
export interface Surroundings {
  log: Log
  errands: Errands
  /** Who is let in, beside those whom the accounts know. */
  admit: (ours: Authenticate) => Authenticate
  /** One that is being opened already. It is stopped with the rest. */
  database: Promise<Database>
  /** Where it differs from the usual. */
  patience: Partial<Patience>
}

/** The only place where things are constructed. `stop` undoes it in reverse, and so does a fault half-way. */
export async function createApp(config: Config, around: Partial<Surroundings> = {}): Promise<App> {
  await using started = new AsyncDisposableStack()
  const own: Own = thing => started.adopt(thing, it => it.stop())
  const plumbing = await openPlumbing(config, own, around)
  const domains = createDomains(config, plumbing, own)
  const url = await openDoors(config, { ...plumbing, ...domains }, own)
  plumbing.log.info({ url, version, database: plumbing.database.kind }, 'listening')
  const running = started.move()
  return { url, lost: plumbing.database.lost, stop: () => running.disposeAsync() }
}

/** What knows no domain. */
async function openPlumbing(config: Config, own: Own, around: Partial<Surroundings>) {
  const { log = createLog({ level: config.LOG_LEVEL, pretty: config.LOG_PRETTY }), errands = createErrands() } = around
  const patience = { ...usualPatience, idleMs: config.KEEP_ALIVE_SECONDS * 1000, ...around.patience }
  const metrics = createMetrics()
  const database = own(await (around.database ?? openDatabase(databaseOptions(config, log))))
  const origins = new Set(config.CORS_ORIGINS)
  const configuredKey = config.RUSHES_API_KEY
  const knowing = { database, origins, log, isLoopback: isLoopback(config.HOST) }
  const accounts = own(await createAccounts({ ...knowing, configuredKey }))
  requireKeyBeyondLoopback(config, accounts.anyKey())
  const jobs = createJobs({ database, log, metrics, errands })
  const { follow, unfinished } = pipelineWithout(config.HLS_LADDER.length > 0 ? [] : ['hls'])
  await raiseOrigin(database.db)
  const journal = createJournal({ database, follow, echo: libraryEcho, ask: jobs.ask, wake: jobs.wake, log })
  const blobs = own(await openStorage(config, { shared: database.kind === 'postgres', metrics, log }))
  const removals = own(createRemovals({ database, blobs, log, metrics }))
  const leases = own(createLeases({ database, log }))
  const writer = own(createFileWriter())
  const limits = { memoryBytes: config.MEDIA_MEMORY_BYTES, niceness: config.MEDIA_NICENESS }
  const ffmpeg = own(createFfmpeg({ threads: config.MEDIA_THREADS, ...limits, log }))
  const serverId = uuidv7()
  const redis = config.REDIS_URL === undefined ? null : own(await openRedisBus(config.REDIS_URL, { serverId, log }))
  const { admit = ours => ours } = around
  const authenticate = admit(accounts.authenticate)
  const callerAddress = createCallerAddress(config.TRUSTED_PROXIES)
  const admitting = { authenticate, origins, callerAddress, maxConnections: config.MAX_CONNECTIONS }
  const paces = createPaces(pacesOf(config), metrics)
  const hub = createHub({
    log,
    metrics,
    errands,
    paces,
    bus: redis ?? createLoneBus(serverId),
    sharedNotices,
    plainDoor: plainRooms,
    ...admitting,
  })
  const asking = { origins, accounts, authenticate, callerAddress, errands, patience }
  const stored = { database, leases, blobs, removals, writer }
  return { log, metrics, ...stored, ...asking, jobs, journal, unfinished, ffmpeg, redis, paces, hub }
}
type Plumbing = Awaited<ReturnType<typeof openPlumbing>>

/** What takes films in, and where they are kept. */
function createIncoming(config: Config, plumbing: Plumbing & { onLength: OnLength }, own: Own) {
  const { log, metrics, database, jobs, journal, blobs, removals, leases, writer, ffmpeg, hub, onLength } = plumbing
  const videos = createVideos({
    ...{ database, journal, blobs, removals, leases, jobs, notify: hub.notify },
    quotaBytes: config.STORAGE_QUOTA_BYTES,
    onLength,
  })
  const probe = createProbe({ ffmpeg, limits: { maxDurationSeconds: config.MAX_DURATION_SECONDS } })
  const storing = { database, leases, videos, journal, blobs, writer, log, metrics, checkCaptions: parseCaptions }
  const taking = { ...storing, probe, browserPlays, maxBytes: config.MAX_UPLOAD_BYTES }
  const idempotencyKeys = createIdempotencyKeys({ database, leases })
  const bringing = { ...storing, jobs, takeIn: createTakeIn(taking), idempotencyKeys }
  const [ofUploads, ofFetches] = [uploadOptions(config), fetchOptions(config)]
  const uploads = createUploads({ ...bringing, ...ofUploads })
  const fetches = own(createFetches({ ...bringing, ...ofFetches }))
  const storageSweep = own(
    createStorageSweep({
      ...{ database, blobs, removals, log, metrics, recount: videos.quota.recount },
      claimants: [...videoClaimants(database.db), ...uploadClaimants(database.db)],
      measure: () => measureRenditions(database.db, blobs),
      async *beside() {
        yield* listOldParts(database.db, ofUploads.partsDirectory)
        yield* listFetchedParts(ofFetches.partsDirectory)
      },
    }),
  )
  return { videos, uploads, fetches, storageSweep }
}

/** The domains, in the order in which data flows: each gets what it asks for and no more. */
function createDomains(config: Config, plumbing: Plumbing, own: Own) {
  const { log, metrics, database, jobs, journal, blobs, ffmpeg } = plumbing
  const { notify, notifyHere, onLeft, listen, bus } = plumbing.hub

  // Whoever talks about a film is told how long it is; the talk comes after the films.
  const onLength: OnLength = ({ tx, append }, film) => chat.holdAll(tx, append, film)
  const { videos, uploads, fetches, storageSweep } = createIncoming(config, { ...plumbing, onLength }, own)
  const deriving = { ffmpeg, blobs, videos, journal, timeoutSeconds: config.MEDIA_TIMEOUT_SECONDS }
  const detections = createDetections({ database, ...deriving })
  const captions = (id: VideoId) => transcripts.captions(id)
  const ladder = { hlsLadder: config.HLS_LADDER, captions }
  const renditions = createRenditions({ ...deriving, ...ladder, alongside: detections.alongside })
  const hearing = { database, journal, blobs, videos, ffmpeg, log }
  const transcripts = own(createTranscripts({ ...hearing, ...speechOptions(config) }))
  const search = own(createSearch({ database, videos, transcripts, log, ...embedderOptions(config) }))
  const talking = { count: plumbing.paces.talk, notifyHere, onLeft, bus }
  const answering = { database, journal, videos, search, transcripts, log, metrics }
  const chat = own(createChat({ ...answering, ...talking, ...answerOptions(config) }))
  const fromHub = { notify, notifyHere, onLeft, listen, bus }
  const rooms = own(createRooms({ videos, journal, ...fromHub, messages: chat, answers: chat, metrics, log }))
  const library = own(createLibrary({ journal, listen }))
  const notes = createNotes({ videos, sources: [talkNotes(chat.comments)], metrics })
  const engines = { transcript: transcripts.health, embeddings: search.health, answers: chat.health }
  const looking = {
    version,
    publicUrl: config.PUBLIC_URL,
    protocols: resumablePaths(),
    ...{ jobs, lastSnapshot: database.lastSnapshot },
    parts: healthParts(plumbing, videos.quota.usage),
    programs: { ffmpeg: ffmpeg.version },
  }
  const operations = own(createOperations({ ...looking, metrics, engines, storageUsage: videos.quota.usage }))

  // What is missing in one of these does not compile.
  const stages = { ...renditions.jobs, ...detections.jobs, ...transcripts.jobs, ...search.jobs } satisfies Record<
    StageKind,
    AnyJob
  >
  const handlers: HttpHandlers = {
    ...accountRoutes(plumbing.accounts, config.RUSHES_API_KEY !== undefined),
    ...{ ...videos.routes, ...library.routes, ...rooms.routes, ...uploads.routes, ...fetches.routes },
    ...{ ...renditions.routes, ...detections.routes, ...transcripts.routes, ...search.routes },
    ...{ ...chat.routes, ...notes.routes, ...operations.routes },
  }
  const requests: SocketHandlers = { ...library.live, ...rooms.live, ...chat.live }
  return {
    ...{ videos, uploads, fetches, search, operations, storageSweep },
    ...{ openFilm: renditions.openFilm, stages, handlers, requests },
  }
}
type Domains = ReturnType<typeof createDomains>

/** Doors open last, and close first. Returns where it listens. */
async function openDoors(config: Config, app: Plumbing & Domains, own: Own): Promise<string> {
  const { log, metrics, jobs, journal, ffmpeg, hub } = app
  journal.onWritten(frame => {
    for (const { type } of frame.events) metrics.roomEvents.inc({ type })
  })
  own(shareStreams({ journal, hub, database: app.database, log }))
  hub.serve(app.requests)
  await app.leases.start()
  own(jobs)
  const work = config.ROLE !== 'api'
  await app.fetches.start()
  await jobs.start([app.fetches.job, ...Object.values(app.stages)], { journal, work, formerQueues })
  if (work) for (const { id, stages } of await app.videos.unfinished()) await jobs.resume(app.unfinished(id, stages))
  await app.removals.start()
  app.storageSweep.start()
  app.search.start()
  own(app.uploads)
  await app.uploads.start()
  const requestIds = createRequestIds()
  const handOff = createHandOff(config.STREAM_HANDOFF, join(config.DATA_DIR, 'blobs'))
  const redirectTo = config.STREAM_REDIRECT ? await app.blobs.direct?.origin() : undefined
  const { callerAddress } = app
  const koa = createKoa({ log, metrics, requestIds, callerAddress, handOff, redirectTo })
  // Quoted in JSON, captions grow.
  mountRoutes(koa, { ...app, largeBodyBytes: 2 * config.MAX_CAPTIONS_BYTES })
  koa.use(servePage(pageDirectory))
  const { authenticate } = app
  const films = { route: filmRoute, addressOf: filmAddress, open: (id: string) => app.openFilm(id as VideoId) }
  const filmDoor = own(createWarmDoor({ ...app, ...films, requestIds, otherwise: koa.callback() }))
  journal.onCommitted(({ stream }) => {
    const videoId = videoOfStream(stream)
    if (videoId) filmDoor.forget(videoId)
  })
  const resumable = { path: resumablePath, scope: resumableScope, handle: app.uploads.resumable }
  const door = { ...resumable, authenticate, requestIds, log, metrics }
  const doors = openRawDoor(door, handOff || redirectTo ? koa.callback() : filmDoor.handle)
  const control = createKoa({ log, metrics, requestIds })
  mountRoutes(control, { ...app, authenticate: async () => operator, only: keyRouteNames })
  const controlPath = controlSocketPath(config.DATA_DIR)
  own(await openControlSocket({ path: controlPath, handle: control.callback(), log }))
  const allowed = allowOrigins({ origins: app.origins, protocol: tusHeaders }, doors)
  const handle = openFrontDoor({ ...app, requestIds }, hub.answer(allowed))
  const server = own(await listen(handle, { ...app, host: config.HOST, port: config.PORT }))
  hub.attach(server.http)
  own(hub)
  // From here on nobody waits for the start. The first upload should not wait for a thread of ffmpeg's either: the same one
  // then finds out the rest.
  ffmpeg
    .version()
    .catch(fault => {
      if (!isStopping(fault)) log.error({ reason: messageOf(fault) }, 'no ffmpeg: nothing can be taken in')
    })
    .finally(() => app.operations.start())
  return server.url
}
