import { randomBytes } from 'node:crypto'
import { PassThrough, type Readable } from 'node:stream'
import { v7 as uuidv7 } from 'uuid'
import { type DirectUpload, type UploadState, type Video, VideoId } from '../../shared/index.ts'
import { type Made, type Note, shownName, titleFrom, tooLarge } from '../intake/index.ts'
import { AppError } from '../platform/errors.ts'
import type { DirectToBucket } from './direct-to-bucket.ts'
import { captionsTooLarge } from './multipart.ts'
import { findUpload, insertUpload, keepCaptions } from './queries.ts'
import { type Receivers, unknownUpload } from './receivers.ts'
import type { TakeDirect } from './take-direct.ts'
import type { UploadsOptions } from './uploads.ts'

export interface DirectRequest {
  filename: string
  sizeBytes?: number | undefined
  title?: string | undefined
  /** WebVTT or SubRip. */
  captions?: string | undefined
}
export interface DirectUploads {
  /** A video that waits, and the address that takes its film. Throws `upload.too_large`, `storage.quota_exceeded`. */
  create(request: DirectRequest, requestedBy: string, note?: Note): Promise<{ video: Video; upload: DirectUpload }>
  /** The same that `create` answered, as the video is now. */
  again(made: Made): Promise<{ video: Video; upload: DirectUpload }>
  /** The film. `totalBytes` when the sender says. Throws what `Receivers.hold` throws, and what refuses a film. */
  receive(id: string, source: Readable, about: { totalBytes: number | null; signal: AbortSignal }): Promise<Video>
  /** Throws `upload.not_found`. */
  state(id: string): Promise<UploadState>
}

export function createDirectUploads(
  { database, journal, videos, limits, checkCaptions }: UploadsOptions,
  { take, receivers, toBucket }: { take: TakeDirect; receivers: Receivers; toBucket: DirectToBucket },
): DirectUploads {
  return {
    async create({ filename: given, sizeBytes = null, title, captions }, requestedBy, note) {
      if ((sizeBytes ?? 0) > limits.uploadBytes) throw tooLarge(limits.uploadBytes)
      if (captions !== undefined) {
        const bytes = Buffer.from(captions)
        if (bytes.length > limits.captionsBytes) throw captionsTooLarge(limits.captionsBytes)
        checkCaptions(bytes)
      }
      const filename = shownName(given)
      const id = randomBytes(24).toString('base64url')
      const { incomingBlob, expiresSeconds } = toBucket.place(limits.expiresSeconds)
      const expiresAt = new Date(Date.now() + expiresSeconds * 1000)
      const film = { filename, title: title ?? titleFrom(filename), sizeBytes, requestedBy }
      const videoId = VideoId.parse(uuidv7())
      const video = await journal.transact(async (tx, append) => {
        await note?.(tx, { videoId, uploadId: id })
        await videos.quota.reserve(tx, { videoId, bytes: sizeBytes ?? 0, seconds: expiresSeconds })
        const announced = await videos.uploading.announce({ tx, append }, { id: videoId, source: 'direct', ...film })
        await insertUpload(tx, { id, way: 'direct', videoId, ...film, incomingBlob, status: 'waiting', expiresAt })
        if (captions !== undefined) await keepCaptions(tx, id, captions)
        return announced
      })
      return { video, upload: await toBucket.addresses({ id, incomingBlob, sizeBytes, expiresAt }) }
    },

    async again({ videoId, uploadId }) {
      const row = uploadId === null ? undefined : await findUpload(database.db, uploadId)
      if (!row) throw new AppError('request.invalid', 'This Idempotency-Key was used for another kind of upload.')
      return { video: await videos.get(videoId), upload: await toBucket.addresses(row) }
    },

    receive: (id, source, about) =>
      receivers.hold(id, async row => {
        // Whoever fails ends its source, and the request has to live on for the answer.
        const bytes = source.pipe(new PassThrough({ highWaterMark: 1024 * 1024 }))
        try {
          return await take(row, { ...about, bytes })
        } finally {
          source.unpipe(bytes)
        }
      }),

    async state(id) {
      const row = await findUpload(database.db, id)
      if (!row) throw unknownUpload()
      const video = await videos.get(row.videoId).catch(fault => {
        // It comes later with a resumable upload, or was deleted since.
        if (fault instanceof AppError && fault.code === 'video.not_found') return null
        throw fault
      })
      return { id, status: row.status, expiresAt: row.expiresAt.toISOString(), video, error: row.error }
    },
  }
}
