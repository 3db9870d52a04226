import { randomBytes } from 'node:crypto'
import { PassThrough, type Readable } from 'node:stream'
import { v7 as uuidv7 } from 'uuid'
import { type DirectUpload, type UploadState, type Video, VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Claims } from './claims.ts'
import { unknownUpload } from './claims.ts'
import { shownName, titleFrom } from './names.ts'
import type { PastServer } from './past-server.ts'
import { findUpload, insertUpload } from './queries.ts'
import { tooLarge } from './receive-file.ts'
import type { TakeDirect } from './take-direct.ts'
import type { UploadsOptions } from './uploads.ts'

export interface DirectRequest {
  filename: string
  sizeBytes?: number | undefined
  title?: string | undefined
}
export interface DirectUploads {
  /** A video that waits, and the address that takes its film. Throws `upload.too_large`. */
  create(request: DirectRequest): Promise<{ video: Video; upload: DirectUpload }>
  /** The film. `totalBytes` when the sender says. Throws what `Claims.hold` throws, and what refuses a film. */
  receive(id: string, source: Readable, about: { totalBytes: number | null; signal: AbortSignal }): Promise<Video>
  /** Throws `upload.not_found`. */
  state(id: string): Promise<UploadState>
}

export function createDirectUploads(
  { database, journal, videos, limits }: UploadsOptions,
  { take, claims, pastServer }: { take: TakeDirect; claims: Claims; pastServer: PastServer },
): DirectUploads {
  return {
    async create({ filename: given, sizeBytes = null, title }) {
      if ((sizeBytes ?? 0) > limits.uploadBytes) throw tooLarge(limits.uploadBytes)
      const filename = shownName(given)
      const id = randomBytes(24).toString('base64url')
      const { incomingBlob, expiresSeconds } = pastServer.place(limits.expiresSeconds)
      const expiresAt = new Date(Date.now() + expiresSeconds * 1000)
      const film = { filename, title: title ?? titleFrom(filename), sizeBytes }
      const video = await journal.transact(async (tx, append) => {
        const announced = await videos.uploading.announce({ tx, append }, { id: VideoId.parse(uuidv7()), ...film })
        const row = { id, way: 'direct' as const, videoId: announced.id, ...film, incomingBlob, expiresAt }
        await insertUpload(tx, { ...row, status: 'waiting' })
        return announced
      })
      return { video, upload: await pastServer.addresses({ id, incomingBlob, sizeBytes, expiresAt }) }
    },

    receive: (id, source, about) =>
      claims.hold(id, async row => {
        // Whoever fails ends its source, and the request has to live on for the answer.
        const bytes = source.pipe(new PassThrough({ highWaterMark: 1024 * 1024 }))
        try {
          return await take(row, { bytes, ...about })
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
