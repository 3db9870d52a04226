import type { Readable } from 'node:stream'
import type { Video } from '../../shared/index.ts'
import { type Film, receiveFile, tooLarge } from '../intake/index.ts'
import type { BlobStore } from '../platform/blobs/index.ts'
import { AppError } from '../platform/errors.ts'
import { captionsOf, settleUpload } from './queries.ts'
import { type HeldUpload, takenOver } from './receivers.ts'
import type { UploadsOptions } from './uploads.ts'

export interface DirectFilm {
  /** Ended with whatever fails. */
  bytes: Readable
  /** When it is known. */
  totalBytes: number | null
  signal: AbortSignal
  draft?: BlobStore['draft']
}
/** Makes the bytes the film of a direct upload's video, which was there before. */
export type TakeDirect = (row: HeldUpload, film: DirectFilm) => Promise<Video>

export const createTakeDirect =
  ({ database, journal, videos, limits, takeIn }: UploadsOptions): TakeDirect =>
  async (row, { bytes, totalBytes, signal, draft }) => {
    const expected = row.sizeBytes ?? totalBytes
    if ((expected ?? 0) > limits.uploadBytes) throw tooLarge(limits.uploadBytes)
    await journal.transact((tx, append) => videos.uploading.change({ tx, append }, row.videoId, 'running'))
    const progress = videos.uploading.progress(row.videoId)
    try {
      return await takeIn(filmOf(row), {
        ...{ lease: row.lease, signal, draft, announcedBytes: expected ?? 0, keepRoom: true, way: row.way },
        beside: captionsOf(database.db, row.id),
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

/** What an upload that outlives its request brings. */
export const filmOf = ({ videoId: id, filename, title, requestedBy, way }: HeldUpload): Film => ({
  ...{ id, filename, title, requestedBy },
  source: way === 'direct' ? 'direct' : 'upload',
})

export const notAsAnnounced = (sizeBytes: number, announcedBytes: number) =>
  new AppError('upload.interrupted', `${sizeBytes} bytes came of the ${announcedBytes} that were announced.`)
