import type { Tx } from '../platform/db/index.ts'
import { AppError, fail, messageOf } from '../platform/errors.ts'
import type { Lease } from '../platform/leases/index.ts'
import { filmLease } from '../videos/index.ts'
import { beginReceiving, changeUpload, findUpload, type UploadRow } from './queries.ts'
import type { UploadsOptions } from './uploads.ts'

/** An upload as the one who receives it has it. */
export type HeldUpload = UploadRow & { lease: Lease }

/** Who receives an upload: one at a time, who holds the lease of its film. */
export interface Receivers {
  /** Throws `upload.not_found`, `upload.expired`, `upload.already_done`, or what it was refused for. */
  find(id: string): Promise<UploadRow>
  /**
   * Works on an upload that nobody else works on meanwhile. A film that is refused settles it; any other fault leaves it
   * as it was, to be tried again until it expires. Throws as `find` does, and `upload.in_progress`: also when this attempt
   * was taken for dead, because it stood still, and another one has the upload; its lease aborts with that as soon as it
   * may be so.
   */
  hold<T>(id: string, work: (row: HeldUpload) => Promise<T>): Promise<T>
  /** A receiver gave up, or died (then without a lease): it is waited for again. Nothing changes when somebody else receives it, or has. */
  release(row: UploadRow | HeldUpload): Promise<void>
  /** What came is not wanted: sending it again would change nothing. Throws what `hold` throws when somebody else receives it. */
  refuse(row: UploadRow | HeldUpload, why: AppError): Promise<void>
}

const leaseMs = 15_000

/** What the bytes are to blame for: sending them again would change nothing. */
const refusals = new Set([
  'upload.too_large',
  'upload.unsupported_media',
  'video.too_long',
  'media.failed',
  'media.timeout',
  'storage.quota_exceeded',
])

/** What is here whole and could not be put away: its sender has nothing more to send. */
const storeFaults = new Set(['storage.unavailable', 'storage.full'])

export function createReceivers({
  database,
  journal,
  leases,
  videos,
  log,
}: Pick<UploadsOptions, 'database' | 'journal' | 'leases' | 'videos' | 'log'>): Receivers {
  const find: Receivers['find'] = async id => {
    const row = await findUpload(database.db, id)
    if (!row) throw unknownUpload()
    if (row.status === 'done') throw new AppError('upload.already_done', 'This upload is done: make another one.')
    if (row.status === 'refused')
      throw new AppError('upload.already_done', `This upload was refused: ${row.error?.message} Make another one.`)
    if (row.status === 'expired' || row.expiresAt <= new Date())
      throw new AppError('upload.expired', `This upload expired at ${row.expiresAt.toISOString()}: make another one.`)
    return row
  }

  /** Whether it is this attempt's, or nobody's, and stays so until the transaction ends. */
  const isOurs = (tx: Tx, row: UploadRow | HeldUpload): Promise<boolean> =>
    'lease' in row ? row.lease.holds(tx) : leases.takeWithin(tx, filmLease(row.videoId))

  const refuse: Receivers['refuse'] = (row, { code, message }) =>
    journal.transact(async (tx, append) => {
      const error = { code, message }
      if (!(await isOurs(tx, row)) || !(await changeUpload(tx, row.id, { status: 'refused', error }))) throw takenOver()
      await videos.quota.giveUp(tx, row.videoId)
      if (row.way === 'direct') await videos.uploading.refuse({ tx, append }, row.videoId, error)
    })

  const release: Receivers['release'] = row =>
    journal.transact(async (tx, append) => {
      if (!(await isOurs(tx, row)) || !(await changeUpload(tx, row.id, { status: 'waiting' }))) return
      if (row.way === 'direct') await videos.uploading.change({ tx, append }, row.videoId, 'pending')
    })

  const settleFault = async (row: HeldUpload, fault: unknown): Promise<unknown> => {
    if (!(fault instanceof AppError)) return release(row)
    if (refusals.has(fault.code)) return refuse(row, fault)
    if (fault.code === 'video.not_found') return changeUpload(database.db, row.id, { status: 'expired' })
    // As if its receiver had died: the sweep takes it up, again and again.
    if (storeFaults.has(fault.code)) return
    return release(row)
  }

  /** Undefined when it was settled, or has expired, just before. */
  const begin = (id: string, lease: Lease) =>
    database.transaction(async tx => {
      await lease.confirm(tx)
      return beginReceiving(tx, id)
    })

  return {
    find,
    release,
    refuse,
    async hold(id, work) {
      const { videoId } = await find(id)
      await using lease = await leases.take(filmLease(videoId), { leaseMs, lost: takenOver })
      const row = lease && (await begin(id, lease))
      if (!lease || !row) {
        await find(id)
        throw fail('upload.in_progress')
      }
      const held = { ...row, lease }
      try {
        return await work(held)
      } catch (fault) {
        // The fault itself is what the sender has to hear; what can't be noted now is found by the sweep.
        await settleFault(held, fault).catch(note => log.warn({ reason: messageOf(note) }, 'an upload was not settled'))
        throw lease.signal.aborted ? lease.signal.reason : fault
      }
    },
  }
}

export const takenOver = () =>
  new AppError(
    'upload.in_progress',
    'This upload was taken over, since it stood still for too long here, or its video was deleted: ask for its state before you send it again.',
  )
export const unknownUpload = () => fail('upload.not_found')
