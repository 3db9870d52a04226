import { randomUUID } from 'node:crypto'
import type { VideoId } from '../../shared/index.ts'
import type { BlobDraft, BlobStore } from '../platform/blobs/index.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import { isNoted, type Removals } from '../platform/removals/index.ts'
import { mendLedger, sumLedger } from './ledger-queries.ts'
import {
  type Attempt,
  deleteLapsed,
  deleteReservation,
  findOriginal,
  freeReservation,
  isOriginalUsed,
  isShared,
  lapseReservation,
  listLapsed,
  lockOriginal,
  lockQuota,
  originalKey,
  readUsage,
  renewReservation,
  reserveBlob,
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
 * brings one reserves room first; the reservation holds its original until the video is recorded. It belongs to one
 * attempt at a time: one that was taken for dead changes nothing any more.
 */
export interface Originals {
  /** Keeps room for a film. Again for the same video: for the larger, for the longer. Throws `storage.quota_exceeded`. */
  reserve(tx: Tx, about: { videoId: VideoId; holder?: string; bytes: number; seconds: number }): Promise<void>
  /** The reservation does not lapse while its film comes. False when another attempt has it, or it lapsed. */
  renew(attempt: Attempt, seconds: number): Promise<boolean>
  /** How large the film of this video may be; `Infinity` without a quota. */
  roomFor(videoId: VideoId): Promise<number>
  /** Stores a film, unless the same bytes are here already: then the draft is discarded. Answers the key. Throws `storage.quota_exceeded`. */
  place(attempt: Attempt, draft: BlobDraft, film: { checksum: string; sizeBytes: number }): Promise<string>
  /** In the transaction that records the video: from then on the video itself holds its original. */
  settle(tx: Tx, attempt: Attempt): Promise<void>
  /** The film came to nothing; `keepRoom` when it may be sent again. What was stored of it goes, unless somebody else has it. */
  withdraw(attempt: Attempt, options?: Withdrawal): Promise<void>
  /** In the transaction that gives a video up: it keeps no room, and its original goes with the last one that has it. Answers what is to be removed. */
  leave(tx: Tx, videoId: VideoId, blob: string | null): Promise<string[]>
  /** Looks at what was left behind by servers that died. */
  sweep(): Promise<void>
  /** Counts everything, and mends what is said to be used. Answers by how many bytes that was wrong. */
  recount(): Promise<number>
  usage(): Promise<OriginalsUsage>
  quotaExceeded(usage: { usedBytes: number; reservedBytes: number }): AppError
}

export interface Withdrawal {
  keepRoom?: boolean
  /** Where the film was placed. */
  blob?: string | null
  /** What else was stored by this attempt alone. */
  beside?: readonly string[]
}

export interface OriginalsOptions {
  database: Database
  blobs: BlobStore
  removals: Pick<Removals, 'note' | 'now'>
  /** 0: no limit. */
  quotaBytes: number
}

/** A film that is being stored is held for so long, and held on while its server lives. */
const placingSeconds = 60

export function createOriginals({ database, blobs, removals, quotaBytes }: OriginalsOptions): Originals {
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

  /** Under the lock of the original. Answers what is to be removed. */
  const letGo = async (tx: Tx, blob: string | null): Promise<string[]> =>
    blob !== null && isShared(blob) && !(await isOriginalUsed(tx, blob)) ? [blob] : []

  const withdraw: Originals['withdraw'] = async (attempt, { keepRoom = false, blob = null, beside = [] } = {}) => {
    const keys = await database.transaction(async tx => {
      const placed = blob ?? (await reservedBlob(tx, attempt.videoId))
      if (placed !== null) await lockOriginal(tx, placed)
      if (keepRoom) await freeReservation(tx, attempt)
      else await deleteReservation(tx, attempt)
      const unwanted = [...(await letGo(tx, placed)), ...beside]
      await removals.note(tx, unwanted)
      return unwanted
    })
    await removals.now(keys)
  }
  const sweepOne = (videoId: VideoId) =>
    database.transaction(async tx => {
      const blob = await reservedBlob(tx, videoId)
      if (blob !== null) await lockOriginal(tx, blob)
      if (await deleteLapsed(tx, videoId)) await removals.note(tx, await letGo(tx, blob))
    })
  /** Holds the film for this attempt, wherever it is. */
  const hold = (attempt: Attempt, { checksum, sizeBytes }: { checksum: string; sizeBytes: number }) =>
    database.transaction(async tx => {
      await lockOriginal(tx, originalKey(checksum))
      const blob = (await findOriginal(tx, checksum)) ?? (await freshKey(tx, originalKey(checksum)))
      const held = { ...attempt, bytes: sizeBytes, blob, seconds: placingSeconds }
      await withinQuota(tx, attempt.videoId, async () => {
        if (!(await reserveBlob(tx, held))) throw takenOver()
      })
      return blob
    })

  return {
    quotaExceeded,
    withdraw,
    reserve: (tx, { videoId, holder = null, bytes, seconds }) =>
      withinQuota(tx, videoId, () => upsertReservation(tx, { videoId, holder, bytes, seconds })),
    renew: (attempt, seconds) => renewReservation(database.db, attempt, seconds),
    async roomFor(videoId) {
      if (quotaBytes === 0) return Number.POSITIVE_INFINITY
      const { usedBytes, reservedBytes } = await readUsage(database.db, videoId)
      return Math.max(0, quotaBytes - usedBytes - reservedBytes)
    },
    async place(attempt, draft, film) {
      const blob = await hold(attempt, film)
      try {
        // From here on nobody removes it.
        if ((await blobs.stat(blob))?.sizeBytes === film.sizeBytes) await draft.discard()
        else await draft.commit(blob)
        return blob
      } catch (fault) {
        // The fault counts; what can't be looked at now lapses, and is swept.
        await withdraw(attempt, { keepRoom: true, blob }).catch(() => {})
        throw fault
      }
    },
    async settle(tx, attempt) {
      if (!(await deleteReservation(tx, attempt))) throw takenOver()
    },
    async leave(tx, videoId, blob) {
      // Another lock may be needed to look at what it holds: that is for whoever sweeps.
      await lapseReservation(tx, videoId)
      const unwanted = await letGo(tx, blob)
      await removals.note(tx, unwanted)
      return unwanted
    },
    async sweep() {
      for (const videoId of await listLapsed(database.db)) await sweepOne(videoId)
      await sumLedger(database.db)
    },
    recount: () => mendLedger(database),
    usage: async () => ({ quotaBytes, ...(await readUsage(database.db)) }),
  }
}

/** A name that is about to be removed is not given again: who removes it does so at some time. */
async function freshKey(tx: Tx, key: string): Promise<string> {
  return (await isNoted(tx, key)) ? `${key}-${randomUUID()}` : key
}

const takenOver = () =>
  new AppError('storage.unavailable', 'It took too long to store this film, and it was given up: send it again.')

/** For those who run the server. */
export function usageInWords({ quotaBytes, usedBytes, reservedBytes }: OriginalsUsage): string {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
  const limit = quotaBytes > 0 ? ` of ${gigabytes(quotaBytes)}` : ''
  return `originals ${gigabytes(usedBytes)}${limit}, ${gigabytes(reservedBytes)} reserved`
}
