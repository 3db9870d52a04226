import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { FileStore } from '@tus/file-store'
import { ERRORS, Server } from '@tus/server'
import { v7 as uuidv7 } from 'uuid'
import { resumablePath, type Video, VideoId } from '../../shared/index.ts'
import { fromFile, givenTitle, moreThanAnnounced, shownName, titleFrom, tooLarge } from '../intake/index.ts'
import type { Caller } from '../platform/caller.ts'
import { AppError, toFailure } from '../platform/errors.ts'
import type { Exchange } from '../platform/http/index.ts'
import { filmLease } from '../videos/index.ts'
import { checkParts, checksumAlgorithms } from './checked-parts.ts'
import { captionsOf, deleteUpload, findUpload, insertUpload, settleUpload, type UploadRow } from './queries.ts'
import { type Receivers, takenOver, unknownUpload } from './receivers.ts'
import { passBodies } from './request-bodies.ts'
import { filmOf } from './take-direct.ts'
import { createTusLocks, lockDrainMs } from './tus-locks.ts'
import type { UploadsOptions } from './uploads.ts'
import { writeParts } from './write-parts.ts'

export interface ResumableUploads {
  /** Answers a request of the tus protocol. */
  handle(exchange: Exchange, caller: Caller): Promise<void>
  /** True when every byte lies here. */
  isWhole(id: string): Promise<boolean>
  /** Makes the video of an upload whose bytes all lie here. Throws what `Receivers.hold` throws, and what refuses a film. */
  finish(id: string, signal: AbortSignal): Promise<Video>
  /** Removes what came. Harmless when nothing did. */
  removeParts(id: string): Promise<void>
}

/** Ids are names of files: nothing else may be asked for. */
const idShape = /^[\w-]{16,64}$/
const idIn = (url: string): string => new URL(url, 'http://here').pathname.split('/').at(-1) ?? ''
const isSizeFault = (fault: unknown) => fault === ERRORS.ERR_MAX_SIZE_EXCEEDED || fault === ERRORS.ERR_SIZE_EXCEEDED
const checksumOf = ({ headers }: IncomingMessage): string | undefined => [headers['upload-checksum']].flat()[0]
const directIdIn = (url: string): string | null => new URL(url, 'http://here').searchParams.get('upload')

export function createResumableUploads(
  options: UploadsOptions,
  { receivers, stopping }: { receivers: Receivers; stopping: AbortSignal },
): ResumableUploads {
  const { database, leases, videos, limits, partsDirectory, takeIn, log } = options
  const { quota } = videos
  const expirationPeriodInMilliseconds = limits.expiresSeconds * 1000
  const store = new FileStore({ directory: partsDirectory, expirationPeriodInMilliseconds })
  writeParts(store, { directory: partsDirectory, writer: options.writer })
  const checked = checkParts(store, partsDirectory)
  const bodies = passBodies(store)
  /** Who sends the request that the library is at. */
  const asking = new AsyncLocalStorage<Caller>()

  const begin = createBegin(options, receivers, () => asking.getStore())

  const tus = new Server({
    path: resumablePath,
    datastore: store,
    maxSize: request => maxSizeOf(request),
    locker: createTusLocks(options),
    lockDrainTimeout: lockDrainMs,
    // Relative to where it was posted to: right behind a proxy that adds a path, too.
    generateUrl: (_request, { id }) => `resumable/${id}`,
    getFileIdFromRequest: request => [idIn(request.url)].find(id => idShape.test(id)),
    namingFunction: request => {
      const id = directIdIn(request.url) ?? uuidv7()
      if (!idShape.test(id)) throw unknownUpload()
      return id
    },
    async onUploadCreate(request, { id, size, metadata }) {
      await begin(id, { direct: directIdIn(request.url) !== null, sizeBytes: size ?? null, metadata })
      return {}
    },
    async onIncomingRequest(request, id) {
      if (request.method !== 'POST') await receivers.find(id)
    },
    async onUploadFinish(_request, upload) {
      await finish(upload.id, stopping)
      // For the date by which it would expire, the library looks for its parts again, which are gone.
      Object.assign(upload, { creation_date: undefined })
      return {}
    },
    async onResponseError(request, fault) {
      const failure = isSizeFault(fault) ? await refuseSize(request, fault) : failureOf(fault)
      // The protocol's own: clients act on its status.
      if (failure === null) return undefined
      const { status, error } = toFailure(failure, uuidv7())
      if (status === 500) log.error({ requestId: error.requestId, err: failure }, 'resumable upload failed')
      if (error.code === 'storage.full')
        log.error({ requestId: error.requestId, id: idIn(request.url) }, 'there is no room left')
      return { status_code: status, body: JSON.stringify({ error }) }
    },
  })

  /** What is longer than announced is the protocol's business; what was not announced may fill what room there is. */
  const maxSizeOf = async ({ method, url }: { method: string; url: string }): Promise<number> => {
    const row = method === 'POST' ? undefined : await findUpload(database.db, idIn(url))
    if (!row || row.sizeBytes !== null) return limits.uploadBytes
    // 0 would mean that there is no limit.
    return Math.max(1, Math.min(limits.uploadBytes, await quota.roomFor(row.videoId)))
  }

  /** Of bytes of unknown number that reached the quota nothing is left. */
  const refuseSize = async ({ url, headers }: Pick<Request, 'url' | 'headers'>, fault: unknown): Promise<AppError> => {
    const row = await findUpload(database.db, idIn(url))
    const isAnnounced = headers.has('upload-length') || (row && row.sizeBytes !== null)
    if (fault === ERRORS.ERR_SIZE_EXCEEDED && isAnnounced) return moreThanAnnounced()
    if (!row || row.sizeBytes !== null || (await quota.roomFor(row.videoId)) >= limits.uploadBytes)
      return tooLarge(limits.uploadBytes)
    const failure = quota.exceeded(await quota.usage())
    await receivers.refuse(row, failure)
    await removeParts(row.id)
    return failure
  }

  const removeParts: ResumableUploads['removeParts'] = async id => {
    await store.remove(id).catch(fault => {
      if (fault !== ERRORS.FILE_NOT_FOUND) throw fault
    })
  }

  const finish: ResumableUploads['finish'] = async (id, signal) => {
    try {
      const video = await receivers.hold(id, row =>
        takeIn(filmOf(row), {
          ...{ signal, lease: row.lease, keepRoom: true, way: row.way },
          announcedBytes: row.sizeBytes ?? 0,
          beside: captionsOf(database.db, id),
          fill: fromFile(partPath(id)),
          async record({ tx, append }, video) {
            if (!(await settleUpload(tx, row.id, video.sizeBytes))) throw takenOver()
            const { uploading, create } = videos
            return row.way === 'direct' ? uploading.complete({ tx, append }, video) : create(tx, append, video)
          },
        }),
      )
      await removeParts(id)
      return video
    } catch (fault) {
      if ((await findUpload(database.db, id))?.status === 'refused') await removeParts(id)
      throw fault
    }
  }
  /** Whoever makes its video just now finds out. */
  const forget = ({ id, videoId }: UploadRow) =>
    database.transaction(async tx => {
      await leases.revoke(tx, filmLease(videoId))
      await deleteUpload(tx, id)
      await quota.giveUp(tx, videoId)
    })
  const partPath = (id: string) => `${partsDirectory}/${id}`

  /** A sender that lost the last answer asks how far it is: all of it. */
  const answerDone = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.method !== 'HEAD') return false
    const row = await findUpload(database.db, idIn(request.url ?? ''))
    if (row?.status !== 'done') return false
    const offset = { 'Upload-Offset': String(row.sizeBytes), 'Upload-Length': String(row.sizeBytes) }
    response.writeHead(200, { 'Tus-Resumable': '1.0.0', 'Cache-Control': 'no-store', ...offset }).end()
    return true
  }

  return {
    finish,
    removeParts,
    async isWhole(id) {
      const upload = await store.getUpload(id).catch(() => null) // nothing came yet, or it is gone
      return upload !== null && upload.size !== undefined && upload.offset === upload.size
    },
    async handle({ req: request, res: response }, caller) {
      if (await answerDone(request, response)) return
      if (request.method === 'OPTIONS') response.setHeader('Tus-Checksum-Algorithm', checksumAlgorithms.join(','))
      await checked.expecting(checksumOf(request), () =>
        asking.run(caller, () => bodies.handle(tus, request, response)),
      )
      if (request.method !== 'DELETE' || response.statusCode !== 204) return
      const row = await findUpload(database.db, idIn(request.url ?? ''))
      if (row?.way === 'direct') await receivers.release(row)
      else if (row) await forget(row)
    },
  }

  function failureOf(fault: unknown): unknown {
    if (fault === ERRORS.FILE_NOT_FOUND) return unknownUpload()
    if (fault === ERRORS.FILE_NO_LONGER_EXISTS) return new AppError('upload.expired', 'This upload has expired.')
    return fault instanceof Error ? fault : null
  }
}

type Metadata = Record<string, string | null> | undefined

/** What is noted of an upload when it is announced. */
function createBegin(
  { database, journal, videos, limits }: UploadsOptions,
  receivers: Receivers,
  sender: () => Caller | undefined,
) {
  const { quota } = videos
  return async (id: string, about: { direct: boolean; sizeBytes: number | null; metadata: Metadata }) => {
    const { direct, sizeBytes, metadata = {} } = about
    const kept = { bytes: sizeBytes ?? 0, seconds: limits.expiresSeconds }
    if (direct) {
      const { videoId } = await receivers.find(id)
      await journal.transact(async (tx, append) => {
        await quota.reserve(tx, { videoId, ...kept })
        await videos.uploading.change({ tx, append }, videoId, 'running')
      })
      return
    }
    const filename = shownName(metadata.filename ?? '')
    const title = givenTitle(metadata.title) ?? titleFrom(filename)
    const expiresAt = new Date(Date.now() + limits.expiresSeconds * 1000)
    const videoId = VideoId.parse(uuidv7())
    const film = { videoId, filename, title, sizeBytes, requestedBy: sender()?.id ?? null }
    await database.transaction(async tx => {
      await quota.reserve(tx, { videoId, ...kept })
      await insertUpload(tx, { id, way: 'resumable', ...film, status: 'waiting', expiresAt })
    })
  }
}
