import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { failureKind, type StreamId, type VideoId, videoOfStream } from '../../shared/index.ts'
import { AppError, fail } from '../platform/errors.ts'
import { defineJob, type JobContext, type JobOutcome } from '../platform/jobs/index.ts'
import type { Lease } from '../platform/leases/index.ts'
import type { Sites } from '../platform/outbound/index.ts'
import { filmLease } from '../videos/index.ts'
import { createFetchFilm } from './fetch-film.ts'
import { type FetchesOptions, fetchKind } from './fetches.ts'
import { partFileAt } from './part-file.ts'
import { findFetch } from './queries.ts'

/** Of a server that died the next one goes on after this. */
const leaseMs = 15_000
const retryMs = 500
/** For what comes after the bytes. */
const lookingSeconds = 3600

/** Fetches the film of a video from its address. What may pass is tried again; what would not is said at once. */
export function createFetchJob(options: FetchesOptions, sites: Sites) {
  const { database, leases, videos, partsDirectory, limits, metrics } = options
  const fetchFilm = createFetchFilm(options, { sites, metrics })
  const partOf = (videoId: VideoId) => partFileAt(partsDirectory, videoId)

  const hold = async (videoId: VideoId, signal: AbortSignal): Promise<Lease> => {
    for (;;) {
      const lease = await leases.take(filmLease(videoId), { leaseMs, lost: () => fail('upload.in_progress') })
      if (lease) return lease
      await wait(retryMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
  const refused = async (videoId: VideoId, { code, message }: AppError): Promise<JobOutcome> => {
    await partOf(videoId).remove()
    return {
      ...{ state: 'failed', reason: message },
      commit: (tx, append) => videos.uploading.refuse({ tx, append }, videoId, { code, message }),
    }
  }
  const run = async (videoId: VideoId, context: JobContext): Promise<JobOutcome> => {
    const wanted = await findFetch(database.db, videoId)
    // Its film is here: whoever brought it was killed before it could say so.
    if (!wanted) return { state: 'done' }
    await using lease = await hold(videoId, context.signal)
    const part = partOf(videoId)
    const end = metrics.fetchSeconds.startTimer()
    try {
      await fetchFilm({ videoId, url: new URL(wanted.url), titled: wanted.titled, part, lease }, context)
      metrics.fetches.inc({ outcome: 'done' })
      return { state: 'done' }
    } catch (fault) {
      metrics.fetches.inc({ outcome: fault instanceof AppError ? fault.code : 'server.internal' })
      if (context.signal.aborted || lease.signal.aborted || !isFinal(fault)) throw fault
      return await refused(videoId, fault)
    } finally {
      end()
    }
  }

  return defineJob({
    ...{ kind: fetchKind, lane: 'network', urgency: 1, payload: z.object({}) },
    ...{ attempts: limits.attempts, timeoutSeconds: limits.timeoutSeconds + lookingSeconds },
    run: ({ subject }, context) => run(videoOf(subject), context),
    async ended(writing, subject, { state, reason }) {
      const videoId = videoOf(subject)
      // One that has its film needs none.
      if (!(await findFetch(writing.tx, videoId))) return
      // Room that nobody has reserved: whoever tries again begins anew.
      await partOf(videoId).remove()
      const code = state === 'cancelled' ? 'job.cancelled' : 'fetch.failed'
      await videos.uploading.refuse(writing, videoId, { code, message: reason })
    },
    finished: subject => partOf(videoOf(subject)).remove(),
    discard: subject => partOf(videoOf(subject)).remove(),
  })
}

/** Trying again would change nothing. */
const isFinal = (fault: unknown): fault is AppError => fault instanceof AppError && !failureKind(fault.code)?.passes

function videoOf(subject: StreamId): VideoId {
  const videoId = videoOfStream(subject)
  if (!videoId) throw new Error(`${subject} is no video: it has no film`)
  return videoId
}
