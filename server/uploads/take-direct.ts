import type { Readable } from 'node:stream'
import type { Video } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import { captionsOf, settleUpload } from './queries.ts'
import { receiveFile, tooLarge } from './receive-file.ts'
import { type HeldUpload, takenOver } from './receivers.ts'
import type { Taking, UploadService } from './service.ts'
import type { UploadsOptions } from './uploads.ts'

export interface DirectFilm {
  /** Ended with whatever fails. */
  bytes: Readable
  /** When it is known. */
  totalBytes: number | null
  signal: AbortSignal
  draft?: Taking['draft']
}
/** Makes the bytes the film of a direct upload's video, which was there before. */
export type TakeDirect = (row: HeldUpload, film: DirectFilm) => Promise<Video>

export const createTakeDirect =
  ({ database, journal, videos, limits }: UploadsOptions, service: UploadService): TakeDirect =>
  async (row, { bytes, totalBytes, signal, draft }) => {
    const expected = row.sizeBytes ?? totalBytes
    if ((expected ?? 0) > limits.uploadBytes) throw tooLarge(limits.uploadBytes)
    await journal.transact((tx, append) => videos.uploading.change({ tx, append }, row.videoId, 'running'))
    const progress = videos.uploading.progress(row.videoId)
    const { videoId: id, filename, title, requestedBy } = row
    const incoming = { id, filename, title, requestedBy, way: 'direct' as const }
    try {
      return await service.take(incoming, {
        ...{ lease: row.lease, signal, draft, announcedBytes: expected ?? 0, fields: captionsOf(database.db, row.id) },
        async fill(into, check) {
          const onBytes = (count: number) => progress.report(expected ? (100 * count) / expected : 0)
          const received = await receiveFile(bytes, into, { ...check, onBytes })
          if (row.sizeBytes !== null && received.sizeBytes !== row.sizeBytes)
            throw notAsAnnounced(received.sizeBytes, row.sizeBytes)
          return received
        },
        async record({ tx, append }, video) {
          if (!(await settleUpload(tx, row.id, video.sizeBytes))) throw takenOver()
          return videos.uploading.complete({ tx, append }, video)
        },
      })
    } finally {
      progress.end()
    }
  }

export const notAsAnnounced = (sizeBytes: number, announcedBytes: number) =>
  new AppError('upload.interrupted', `${sizeBytes} bytes came of the ${announcedBytes} that were announced.`)
