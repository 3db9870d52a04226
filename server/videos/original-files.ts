import type { VideoId } from '../../shared/index.ts'
import type { BlobDraft, BlobStore } from '../platform/blobs/index.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import type { Leases } from '../platform/leases/index.ts'
import type { Removals } from '../platform/removals/index.ts'
import { placeFor } from './duplicates.ts'
import { type Attempt, filmLease } from './film-lease.ts'
import { captionsInUse, isOriginalUsed, isShared, lockOriginal, originalKey } from './original-queries.ts'
import type { Quota } from './quota.ts'
import {
  deleteLapsed,
  deleteReservation,
  freeReservation,
  listLapsed,
  reserveBlob,
  reservedBlob,
} from './reservation-queries.ts'

/**
 * The films as they were sent, each stored once however many videos have it, and who has them: the last one takes it
 * along. Until a video is recorded its reservation has its original, for the attempt that holds the film's lease.
 */
export interface OriginalFiles {
  /** Stores a film, unless the same bytes are here already: then the draft is discarded. Answers the key. Throws `storage.quota_exceeded`, and what `lease.confirm` throws. */
  place(attempt: Attempt, draft: BlobDraft, film: { checksum: string; sizeBytes: number }): Promise<string>
  /** In the transaction that records the video, which has confirmed its lease, and before it does: then the video itself has its original. */
  settle(tx: Tx, videoId: VideoId): Promise<void>
  /** The film came to nothing; `keepRoom` when it may be sent again. What was stored of it goes, unless somebody else has it. */
  withdraw(attempt: Attempt, options?: Withdrawal): Promise<void>
  /** In the transaction that gives a video up: its original goes with the last one that has it. Answers what is to be removed. */
  leave(tx: Tx, blob: string | null): Promise<string[]>
  /** Looks at what was left behind by servers that died. */
  sweep(): Promise<void>
}

export interface Withdrawal {
  keepRoom?: boolean
  /** Where the film was placed. */
  blob?: string | null
  /** What else was stored, by this attempt alone. */
  captions?: readonly string[]
}

export interface OriginalFilesOptions {
  database: Database
  blobs: BlobStore
  removals: Pick<Removals, 'note' | 'now'>
  leases: Pick<Leases, 'takeWithin'>
  quota: Pick<Quota, 'within'>
}

export function createOriginalFiles(options: OriginalFilesOptions): OriginalFiles {
  const { database, blobs, removals, leases, quota } = options

  /** Under the lock of the original. Answers what is to be removed. */
  const letGo = async (tx: Tx, blob: string | null): Promise<string[]> =>
    blob !== null && isShared(blob) && !(await isOriginalUsed(tx, blob)) ? [blob] : []

  const withdraw: OriginalFiles['withdraw'] = async (
    { videoId, lease },
    { keepRoom = false, blob = null, captions = [] } = {},
  ) => {
    const keys = await database.transaction(async tx => {
      // The reservation of an attempt that came after this one is that one's.
      const isOurs = await lease.holds(tx)
      const placed = blob ?? (isOurs ? await reservedBlob(tx, videoId) : null)
      if (placed !== null) await lockOriginal(tx, placed)
      if (isOurs) await (keepRoom ? freeReservation(tx, videoId) : deleteReservation(tx, videoId))
      // It may have been recorded all the same: the database went away before it could say so.
      const inUse = await captionsInUse(tx, captions)
      const unwanted = [...(await letGo(tx, placed)), ...captions.filter(key => !inUse.has(key))]
      await removals.note(tx, unwanted)
      return unwanted
    })
    await removals.now(keys)
  }
  const sweepOne = (videoId: VideoId) =>
    database.transaction(async tx => {
      if (!(await leases.takeWithin(tx, filmLease(videoId)))) return
      const blob = await reservedBlob(tx, videoId)
      if (blob !== null) await lockOriginal(tx, blob)
      if (await deleteLapsed(tx, videoId)) await removals.note(tx, await letGo(tx, blob))
    })
  /** Has the film for this attempt, wherever it is. */
  const reserve = (
    { videoId, lease }: Attempt,
    { checksum, sizeBytes: bytes }: { checksum: string; sizeBytes: number },
  ) =>
    database.transaction(async tx => {
      await lease.confirm(tx)
      await lockOriginal(tx, originalKey(checksum))
      const blob = await placeFor(tx, checksum)
      await quota.within(tx, videoId, () => reserveBlob(tx, { videoId, bytes, blob }))
      return blob
    })

  return {
    withdraw,
    async place(attempt, draft, film) {
      const blob = await reserve(attempt, film)
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
    settle: deleteReservation,
    async leave(tx, blob) {
      const unwanted = await letGo(tx, blob)
      await removals.note(tx, unwanted)
      return unwanted
    },
    async sweep() {
      for (const videoId of await listLapsed(database.db)) await sweepOne(videoId)
    },
  }
}
