import { setTimeout as wait } from 'node:timers/promises'
import type { Video, VideoId } from '../../shared/index.ts'
import { type CheckFile, fromFile, titleFrom } from '../intake/index.ts'
import { AppError } from '../platform/errors.ts'
import type { JobContext } from '../platform/jobs/index.ts'
import type { Lease } from '../platform/leases/index.ts'
import type { Sites } from '../platform/outbound/index.ts'
import type { FetchesOptions } from './fetches.ts'
import type { FetchMetrics } from './metrics.ts'
import type { PartFile, Version } from './part-file.ts'
import { deleteFetch } from './queries.ts'
import { type Transfer, transfer } from './transfer.ts'

export interface AwaitedFilm {
  videoId: VideoId
  url: URL
  /** Somebody gave the video its title. */
  titled: boolean
  part: PartFile
  /** Of its film. */
  lease: Lease
}

/** A connection that breaks every moment is not made anew at once. */
const pauseMs = 1_000

/** One attempt to fetch a film, and to make it that of its video. */
export function createFetchFilm(
  { database, journal, videos, takeIn, limits }: FetchesOptions,
  { sites, metrics }: { sites: Pick<Sites, 'ask'>; metrics: FetchMetrics },
) {
  const { uploading, quota } = videos

  const prepare = async ({ videoId, titled, lease }: AwaitedFilm, version: Version) => {
    if (version.totalBytes !== null) {
      const bytes = version.totalBytes
      await database.transaction(async tx => {
        await lease.confirm(tx)
        await quota.reserve(tx, { videoId, bytes, seconds: 0 })
      })
    }
    const title = titleFrom(version.filename)
    const now = await videos.get(videoId)
    // Nobody has said another one, neither before nor since.
    if (!titled && now.title === titleFrom(now.filename) && now.title !== title) await videos.rename(videoId, title)
  }

  /** Goes on at once as long as more comes each time. */
  const untilWhole = async (film: Transfer, check: CheckFile): Promise<Version> => {
    for (;;) {
      const before = await film.part.find()
      try {
        return await transfer(sites, film, check)
      } catch (fault) {
        const after = await film.part.find()
        if (!isBreak(fault) || after.sizeBytes <= before.sizeBytes) throw fault
        await wait(pauseMs, undefined, { signal: check.signal }).catch(() => check.signal.throwIfAborted())
      }
    }
  }

  const fetchInto = async (film: AwaitedFilm, check: CheckFile, context: JobContext): Promise<Version> => {
    const { videoId, url, part } = film
    const video = await videos.get(videoId)
    if (video.status !== 'uploading')
      await journal.transact((tx, append) => uploading.change({ tx, append }, videoId, 'running'))
    const progress = uploading.progress(videoId)
    let totalBytes: number | null = null
    const coming: Transfer = {
      ...{ url, part, otherwise: video.filename },
      onVersion: version => {
        totalBytes = version.totalBytes
        return prepare(film, version)
      },
      onBytes(sizeBytes, moreBytes) {
        metrics.fetchedBytes.inc(moreBytes)
        const percent = totalBytes ? (100 * sizeBytes) / totalBytes : 0
        progress.report(percent)
        context.report(percent)
      },
    }
    try {
      return await withinTime(limits.timeoutSeconds, check, timed => untilWhole(coming, timed))
    } finally {
      progress.end()
    }
  }

  return async (film: AwaitedFilm, context: JobContext): Promise<Video> => {
    const { videoId: id, part, lease } = film
    const { filename, title } = await videos.get(id)
    let fetched: Version | undefined
    // Who wants it stands in its record already.
    const about = { id, source: 'url' as const, filename, title, requestedBy: null }
    return await takeIn(about, {
      ...{ lease, signal: context.signal },
      async fill(draft, check) {
        fetched = await fetchInto(film, check, context)
        return fromFile(part.path)(draft, check)
      },
      async record({ tx, append }, video) {
        await deleteFetch(tx, id)
        return uploading.complete({ tx, append }, { ...video, filename: fetched?.filename ?? filename })
      },
    })
  }
}

const isBreak = (fault: unknown): boolean => fault instanceof AppError && fault.code === 'fetch.failed'

/** Throws `fetch.too_slow`. */
async function withinTime<T>(timeoutSeconds: number, check: CheckFile, work: (check: CheckFile) => Promise<T>) {
  const tooSlow = new AbortController()
  const timer = setTimeout(() => tooSlow.abort(slowFault(timeoutSeconds)), timeoutSeconds * 1000)
  try {
    return await work({ ...check, signal: AbortSignal.any([check.signal, tooSlow.signal]) })
  } finally {
    clearTimeout(timer)
  }
}

const slowFault = (timeoutSeconds: number) =>
  new AppError(
    'fetch.too_slow',
    `The film did not come within ${timeoutSeconds} s (FETCH_TIMEOUT_SECONDS): upload it, or try an address that is faster.`,
    { details: { timeoutSeconds } },
  )
