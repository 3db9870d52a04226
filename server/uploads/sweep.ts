import { AppError, messageOf } from '../platform/errors.ts'
import type { Claims } from './claims.ts'
import { endKeys, forgetKeys } from './key-queries.ts'
import { endLocks, forgetLapsedLocks } from './locks.ts'
import { endLeases, expireOne, forgetSettled, listAbandoned } from './queries.ts'
import type { ResumableUploads } from './resumable.ts'
import type { UploadsOptions } from './uploads.ts'

const everyMs = 20_000

/** Ends uploads that expired, and takes up those whose receiver died: at the start, and again and again. */
export function createSweep(
  { database, videos, log, limits }: UploadsOptions,
  { claims, resumable, stopping }: { claims: Claims; resumable: ResumableUploads; stopping: AbortSignal },
) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const expire = async () => {
    for (;;) {
      const row = await database.transaction(expireOne)
      if (!row) return
      await resumable.removeParts(row.id)
      if (row.way === 'direct') await videos.remove(row.videoId).catch(unlessGone)
      log.info({ uploadId: row.id.slice(0, 6), videoId: row.videoId }, 'upload expired')
    }
  }
  const takeUp = async () => {
    for (const row of await listAbandoned(database.db)) {
      const whole = await resumable.isWhole(row.id)
      if (!whole) await claims.release(row).catch(unlessGone)
      else
        await resumable.finish(row.id, stopping).catch(fault => {
          log.warn({ videoId: row.videoId, reason: messageOf(fault) }, 'an upload taken up again was not finished')
        })
    }
  }
  const sweep = async () => {
    await expire()
    await takeUp()
    await videos.originals.sweep()
    await forgetSettled(database.db)
    await forgetKeys(database.db)
    await forgetLapsedLocks(database.db)
  }
  const run = () => {
    running = running.then(sweep).catch(fault => log.warn({ reason: messageOf(fault) }, 'uploads were not swept'))
  }

  return {
    async start() {
      if (database.kind === 'embedded') {
        await endLeases(database.db)
        await endLocks(database.db)
        await endKeys(database.db)
      }
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
