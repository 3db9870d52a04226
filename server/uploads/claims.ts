import { AppError, messageOf } from '../platform/errors.ts'
import { keepLease } from '../platform/keep-lease.ts'
import {
  changeUpload,
  claimUpload,
  findUpload,
  type HeldUpload,
  renewLease,
  type UploadRow,
  uploadLeaseMs,
} from './queries.ts'
import type { UploadsOptions } from './uploads.ts'

export interface Claims {
  /** Throws `upload.not_found`, `upload.expired`, `upload.already_done`, or what it was refused for. */
  find(id: string): Promise<UploadRow>
  /**
   * Works on an upload that nobody else works on meanwhile. A film that is refused settles it; any other fault leaves it
   * as it was, to be tried again until it expires. Throws as `find` does, and `upload.in_progress`: also when this attempt
   * was taken for dead, because it stood still, and another one has the upload; `signal` aborts with that as soon as it
   * may be so.
   */
  hold<T>(id: string, work: (row: HeldUpload, signal: AbortSignal) => Promise<T>): Promise<T>
  /** A receiver gave up, or died (`holder: null`): it is waited for again. Nothing changes when somebody else receives it, or has. */
  release(row: UploadRow): Promise<void>
  /** What came is not wanted: sending it again would change nothing. Throws what `hold` throws when it is lost. */
  refuse(row: UploadRow, why: AppError): Promise<void>
}

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

export function createClaims({
  database,
  journal,
  videos,
  log,
}: Pick<UploadsOptions, 'database' | 'journal' | 'videos' | 'log'>): Claims {
  const find: Claims['find'] = async id => {
    const row = await findUpload(database.db, id)
    if (!row) throw unknownUpload()
    if (row.status === 'done') throw new AppError('upload.already_done', 'This upload is done: make another one.')
    if (row.status === 'refused')
      throw new AppError('upload.already_done', `This upload was refused: ${row.error?.message} Make another one.`)
    if (row.status === 'expired' || row.expiresAt <= new Date())
      throw new AppError('upload.expired', `This upload expired at ${row.expiresAt.toISOString()}: make another one.`)
    return row
  }

  const refuse: Claims['refuse'] = (row, { code, message }) =>
    journal.transact(async (tx, append) => {
      if (!(await changeUpload(tx, row, { status: 'refused', error: { code, message } }))) throw takenOver()
      await videos.originals.leave(tx, row.videoId, null)
      if (row.way === 'direct') await videos.uploading.refuse({ tx, append }, row.videoId, { code, message })
    })

  const release: Claims['release'] = row =>
    journal.transact(async (tx, append) => {
      if (!(await changeUpload(tx, row, { status: 'waiting' }))) return
      if (row.way === 'direct') await videos.uploading.change({ tx, append }, row.videoId, 'pending')
    })

  const settleFault = async (row: HeldUpload, fault: unknown): Promise<unknown> => {
    if (fault instanceof AppError && refusals.has(fault.code)) return refuse(row, fault)
    if (fault instanceof AppError && fault.code === 'video.not_found')
      return changeUpload(database.db, row, { status: 'expired' })
    // As if its receiver had died: the sweep takes it up, again and again.
    if (fault instanceof AppError && storeFaults.has(fault.code))
      return changeUpload(database.db, row, { status: 'receiving' })
    return release(row)
  }

  return {
    find,
    release,
    refuse,
    async hold(id, work) {
      const row = await claimUpload(database.db, id)
      if (!row) {
        await find(id)
        throw new AppError('upload.in_progress', 'This upload is being received already.')
      }
      const renew = () => renewLease(database.db, row)
      const lease = keepLease({ renew, leaseMs: uploadLeaseMs, lost: takenOver })
      try {
        return await work(row, lease.signal)
      } catch (fault) {
        await lease.stop()
        // The fault itself is what the sender has to hear; what can't be noted now is found by the sweep.
        await settleFault(row, fault).catch(note => log.warn({ reason: messageOf(note) }, 'an upload was not settled'))
        throw lease.signal.aborted ? lease.signal.reason : fault
      } finally {
        await lease.stop()
      }
    },
  }
}

export const takenOver = () =>
  new AppError(
    'upload.in_progress',
    'This upload stood still for too long here, and was taken over: ask for its state before you send it again.',
  )
export const unknownUpload = () => new AppError('upload.not_found', 'There is no such upload.')
