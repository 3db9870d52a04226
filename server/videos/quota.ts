import type { VideoId } from '../../shared/index.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import { createRenditionTotal } from '../platform/renditions/index.ts'
import { mendLedger, sumLedger } from './ledger-queries.ts'
import { lapseReservation, lockQuota, type Reservation, readUsage, upsertReservation } from './reservation-queries.ts'

export interface StorageUsage {
  /** 0: no limit. */
  quotaBytes: number
  /** All originals, each once. */
  usedBytes: number
  /** Announced by uploads that wait or are under way. */
  reservedBytes: number
  /** What all renditions take, up to a minute old. It is told, and no film is refused for it: see decision 18. */
  derivedBytes: number
}

/** The room that is left for films. Whoever brings one, or is about to, reserves some first. */
export interface Quota {
  /** Keeps room for a film. Again for the same video: for the larger, for the longer. Throws `storage.quota_exceeded`. */
  reserve(tx: Tx, reservation: Reservation): Promise<void>
  /** In the transaction that gives a film up: no room is kept for it any more. The original that it was about to have is looked at by whoever sweeps: another lock may be needed for that. */
  giveUp(tx: Tx, videoId: VideoId): Promise<void>
  /** How large the film of this video may be; `Infinity` without a quota. */
  roomFor(videoId: VideoId): Promise<number>
  /** Runs `change`, which takes more room for this video. Throws `storage.quota_exceeded` when that is more than there is. */
  within(tx: Tx, videoId: VideoId, change: () => Promise<void>): Promise<void>
  usage(): Promise<StorageUsage>
  exceeded(usage: { usedBytes: number; reservedBytes: number }): AppError
  /** Counts everything, and mends what is said to be used. Answers by how many bytes that was wrong. */
  recount(): Promise<number>
  /** Adds up what came and went, so that there is little to read. */
  addUp(): Promise<void>
}

/** `quotaBytes` is for all films together; 0: no limit. */
export function createQuota({ database, quotaBytes }: { database: Database; quotaBytes: number }): Quota {
  const derived = createRenditionTotal(database.db)
  const exceeded: Quota['exceeded'] = ({ usedBytes, reservedBytes }) =>
    new AppError(
      'storage.quota_exceeded',
      `There is no room for this film: ${usedBytes} of ${quotaBytes} bytes are used, ${reservedBytes} reserved (STORAGE_QUOTA_BYTES). Delete films that nobody needs.`,
      { details: { quotaBytes, usedBytes, reservedBytes } },
    )

  const within: Quota['within'] = async (tx, videoId, change) => {
    if (quotaBytes === 0) return change()
    await lockQuota(tx)
    const before = await readUsage(tx)
    await change()
    const after = await readUsage(tx)
    const more = after.usedBytes + after.reservedBytes
    // What was within it once stays so, although the quota was lowered since.
    if (more > quotaBytes && more > before.usedBytes + before.reservedBytes)
      throw exceeded(await readUsage(tx, videoId))
  }

  return {
    exceeded,
    within,
    reserve: (tx, reservation) => within(tx, reservation.videoId, () => upsertReservation(tx, reservation)),
    giveUp: lapseReservation,
    async roomFor(videoId) {
      if (quotaBytes === 0) return Number.POSITIVE_INFINITY
      const { usedBytes, reservedBytes } = await readUsage(database.db, videoId)
      return Math.max(0, quotaBytes - usedBytes - reservedBytes)
    },
    usage: async () => ({ quotaBytes, ...(await readUsage(database.db)), derivedBytes: await derived() }),
    recount: () => mendLedger(database),
    addUp: () => sumLedger(database.db),
  }
}

/** For those who run the server. */
export function usageInWords({ quotaBytes, usedBytes, reservedBytes, derivedBytes }: StorageUsage): string {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
  const limit = quotaBytes > 0 ? ` of ${gigabytes(quotaBytes)}` : ''
  return `originals ${gigabytes(usedBytes)}${limit}, ${gigabytes(reservedBytes)} reserved; renditions ${gigabytes(derivedBytes)}`
}
