import { forgetKeys } from '../intake/index.ts'
import { AppError, messageOf } from '../platform/errors.ts'
import { filmLease } from '../videos/index.ts'
import type { DirectToBucket } from './direct-to-bucket.ts'
import {
  changeUpload,
  forgetIncoming,
  forgetSettled,
  listAbandoned,
  listExpired,
  listUnwritable,
  type UploadRow,
} from './queries.ts'
import type { Receivers } from './receivers.ts'
import type { ResumableUploads } from './resumable.ts'
import type { UploadsOptions } from './uploads.ts'

const everyMs = 20_000

export interface Swept {
  receivers: Receivers
  resumable: ResumableUploads
  toBucket: DirectToBucket
  stopping: AbortSignal
}

/** Ends uploads that expired, and takes up those whose receiver died: at the start, and again and again. */
export function createSweep(
  { database, leases, videos, log, limits }: UploadsOptions,
  { receivers, resumable, toBucket, stopping }: Swept,
) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const expire = async () => {
    for (const row of await listExpired(database.db)) {
      await expireOne(row).catch(fault => {
        log.warn(
          { videoId: row.videoId, reason: messageOf(fault) },
          'an upload that expired was left for the next time',
        )
      })
    }
  }
  const expireOne = async (row: UploadRow) => {
    // A receiver that stood still finds out before anything goes, and no other one begins: it has expired.
    if (!(await database.transaction(tx => leases.takeWithin(tx, filmLease(row.videoId))))) return
    await resumable.removeParts(row.id)
    // What can't be removed now is, when nobody can write there any more.
    await toBucket.remove(row).catch(fault => log.warn({ reason: messageOf(fault) }, 'an expired film was left'))
    if (row.way === 'direct') await videos.remove(row.videoId).catch(unlessGone)
    // Last: who dies before this leaves it to the next one.
    if (!(await changeUpload(database.db, row.id, { status: 'expired' }))) return
    log.info({ uploadId: row.id.slice(0, 6), videoId: row.videoId }, 'upload expired')
  }
  const takeUp = async () => {
    for (const row of await listAbandoned(database.db)) {
      await takeUpOne(row).catch(fault => {
        log.warn({ videoId: row.videoId, reason: messageOf(fault) }, 'an upload taken up again was not finished')
      })
    }
  }
  const expireGone = async (id: string, fault: unknown) => {
    unlessGone(fault)
    await changeUpload(database.db, id, { status: 'expired' })
  }
  const takeUpOne = async (row: UploadRow) => {
    if (await resumable.isWhole(row.id)) await resumable.finish(row.id, stopping)
    else if (await toBucket.isWhole(row)) await toBucket.complete(row.id)
    else await receivers.release(row).catch(fault => expireGone(row.id, fault))
  }
  const clean = async () => {
    for (const row of await listUnwritable(database.db)) {
      await toBucket.remove(row)
      await forgetIncoming(database.db, row.id)
    }
  }
  const sweep = async () => {
    await expire()
    await takeUp()
    await clean()
    await videos.originals.sweep()
    await videos.quota.addUp()
    await forgetSettled(database.db)
    await forgetKeys(database.db)
  }
  const run = () => {
    running = running.then(sweep).catch(fault => log.warn({ reason: messageOf(fault) }, 'uploads were not swept'))
  }

  return {
    async start() {
      run()
      timer = setInterval(run, Math.min(everyMs, limits.expiresSeconds * 1000))
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

/** Someone deleted the video meanwhile. */
function unlessGone(fault: unknown): void {
  if (!(fault instanceof AppError && fault.code === 'video.not_found')) throw fault
}
