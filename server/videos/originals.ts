import type { VideoId } from '../../shared/index.ts'
import type { BlobDraft, BlobStore } from '../platform/blobs/index.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import {
  deleteReservation,
  forgetReservedBlob,
  isOriginalUsed,
  isShared,
  lapseReservation,
  listLapsed,
  lockOriginal,
  lockQuota,
  originalKey,
  readUsage,
  renewReservation,
  reservedBlob,
  upsertReservation,
} from './original-queries.ts'

export interface OriginalsUsage {
  /** 0: no limit. */
  quotaBytes: number
  /** All originals, each once. */
  usedBytes: number
  /** Announced by uploads that wait or are under way. */
  reservedBytes: number
}

/**
 * The films as they were sent, each stored once however many videos have it, and the room that is left for them. Whoever
 * brings one reserves room first; the reservation holds its original until the video is recorded.
 */
export interface Originals {
  /** Keeps room for a film. Again for the same video: for the larger, for the longer. Throws `storage.quota_exceeded`. */
  reserve(tx: Tx, about: { videoId: VideoId; bytes: number; seconds: number }): Promise<void>
  /** The reservation does not lapse while its film comes. */
  renew(videoId: VideoId, seconds: number): Promise<void>
  /** How large the film of this video may be; `Infinity` without a quota. */
  roomFor(videoId: VideoId): Promise<number>
  /** Stores a film, unless the same bytes are here already: then the draft is discarded. Answers the key. Throws `storage.quota_exceeded`. */
  place(videoId: VideoId, draft: BlobDraft, film: { checksum: string; sizeBytes: number }): Promise<string>
  /** In the transaction that records the video: from then on the video itself holds its original. */
  settle(tx: Tx, videoId: VideoId): Promise<void>
  /** The film came to nothing; `keepRoom` when it may be sent again. What was stored of it goes, unless somebody else has it. */
  withdraw(videoId: VideoId, options?: { keepRoom?: boolean; blob?: string | null }): Promise<void>
  /** Notes, in the transaction that deletes a video, that its original has to be looked at; `withdraw` does it. */
  leave(tx: Tx, videoId: VideoId, blob: string | null): Promise<void>
  /** Looks at what was left behind by servers that died. */
  sweep(): Promise<void>
  usage(): Promise<OriginalsUsage>
  quotaExceeded(usage: { usedBytes: number; reservedBytes: number }): AppError
}

export interface OriginalsOptions {
  database: Database
  blobs: BlobStore
  /** 0: no limit. */
  quotaBytes: number
}

/** A film that is being stored is held for so long, and held on while its server lives. */
const placingSeconds = 60

export function createOriginals({ database, blobs, quotaBytes }: OriginalsOptions): Originals {
  const quotaExceeded: Originals['quotaExceeded'] = ({ usedBytes, reservedBytes }) =>
    new AppError(
      'storage.quota_exceeded',
      `There is no room for this film: ${usedBytes} of ${quotaBytes} bytes are used, ${reservedBytes} reserved (STORAGE_QUOTA_BYTES). Delete films that nobody needs.`,
      { details: { quotaBytes, usedBytes, reservedBytes } },
    )

  /** Runs `change`, which takes more room, unless that is more than there is. */
  const withinQuota = async (tx: Tx, videoId: VideoId, change: () => Promise<void>) => {
    if (quotaBytes === 0) return change()
    await lockQuota(tx)
    const before = await readUsage(tx)
    await change()
    const after = await readUsage(tx)
    const more = after.usedBytes + after.reservedBytes
    // What was within it once stays so, although the quota was lowered since.
    if (more > quotaBytes && more > before.usedBytes + before.reservedBytes)
      throw quotaExceeded(await readUsage(tx, videoId))
  }

  const drop = (videoId: VideoId, options: { keepRoom?: boolean; only?: 'lapsed'; blob?: string | null }) =>
    database.transaction(async tx => {
      const { keepRoom = false, only } = options
      const blob = options.blob ?? (await reservedBlob(tx, videoId))
      if (blob !== null) await lockOriginal(tx, blob)
      if (keepRoom) await forgetReservedBlob(tx, videoId)
      else if (!(await deleteReservation(tx, videoId, only)) && only) return
      // Under the lock, and last: what can't be removed now stays noted.
      if (blob !== null && !(await isOriginalUsed(tx, blob))) await blobs.remove(blob)
    })

  return {
    quotaExceeded,
    reserve: (tx, { videoId, bytes, seconds }) =>
      withinQuota(tx, videoId, () => upsertReservation(tx, { videoId, bytes, blob: null, seconds })),
    renew: (videoId, seconds) => renewReservation(database.db, videoId, seconds),
    async roomFor(videoId) {
      if (quotaBytes === 0) return Number.POSITIVE_INFINITY
      const { usedBytes, reservedBytes } = await readUsage(database.db, videoId)
      return Math.max(0, quotaBytes - usedBytes - reservedBytes)
    },
    async place(videoId, draft, { checksum, sizeBytes }) {
      const blob = originalKey(checksum)
      await database.transaction(async tx => {
        await lockOriginal(tx, blob)
        const held = { videoId, bytes: sizeBytes, blob, seconds: placingSeconds }
        await withinQuota(tx, videoId, () => upsertReservation(tx, held))
      })
      try {
        // From here on nobody removes it.
        if ((await blobs.stat(blob))?.sizeBytes === sizeBytes) await draft.discard()
        else await draft.commit(blob)
        return blob
      } catch (fault) {
        // The fault counts; what can't be looked at now lapses, and is swept.
        await drop(videoId, { keepRoom: true, blob }).catch(() => {})
        throw fault
      }
    },
    async settle(tx, videoId) {
      if (!(await deleteReservation(tx, videoId)))
        throw new AppError('storage.unavailable', 'It took too long to store this film: send it again.')
    },
    withdraw: (videoId, options = {}) => drop(videoId, options),
    leave: (tx, videoId, blob) => lapseReservation(tx, videoId, blob !== null && isShared(blob) ? blob : null),
    async sweep() {
      for (const videoId of await listLapsed(database.db)) await drop(videoId, { only: 'lapsed' })
    },
    usage: async () => ({ quotaBytes, ...(await readUsage(database.db)) }),
  }
}

/** For those who run the server. */
export function usageInWords({ quotaBytes, usedBytes, reservedBytes }: OriginalsUsage): string {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
  const limit = quotaBytes > 0 ? ` of ${gigabytes(quotaBytes)}` : ''
  return `originals ${gigabytes(usedBytes)}${limit}, ${gigabytes(reservedBytes)} reserved`
}
