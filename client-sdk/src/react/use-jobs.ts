import { useMemo } from 'react'
import type { Job, StageKind } from '../index.ts'
import type { Failing } from './failing.ts'
import { createJobList, type JobsFilter } from './job-list.ts'
import { useLibraryNews, usePolling } from './polling.ts'
import { useRushes } from './provider.tsx'
import { useSelected } from './store.ts'

/** All that is done to a job shows as soon as the server has agreed, and throws `RushesError` when it does not. */
export interface JobList {
  /** Newest first; null until the first page is there. What waits or runs is among them however old it is. */
  jobs: readonly Job[] | null
  /** Why they could not be asked for; null again when they can. */
  failure: Failing | null
  /** Null when everything is loaded. */
  loadMore: (() => void) | null
  refresh: () => void
  /** Calls it off. Throws `job.ended`, `job.not_found`. */
  cancel: (id: string) => Promise<Job>
  /** Tries again what failed or was called off. Throws `job.ended` when it ended well, `job.not_found`. */
  retry: (id: string) => Promise<Job>
  /** Runs a stage of a video, again if need be. Throws `video.not_found`, `video.not_uploaded`. */
  run: (videoId: string, kind: StageKind) => Promise<Job>
  /** Calls it off if need be, and forgets it. Gone at once; put back, and thrown, when the server refuses. */
  remove: (id: string) => Promise<void>
}

/**
 * The newest jobs, of all or of one video, of one kind, in one state. Asked for again every 2 s while something waits or
 * runs, else every 15 s, and at once after what is done here; not at all while the page is hidden.
 */
export function useJobs({ videoId, kind, state, limit }: JobsFilter = {}): JobList {
  const rushes = useRushes()
  const list = useMemo(
    () => createJobList(rushes, { videoId, kind, state, limit }),
    [rushes, videoId, kind, state, limit],
  )
  const { jobs, failure, cursor } = useSelected(list.store, all => all)
  usePolling(list.refresh, list.gapMs)
  useLibraryNews(list.refresh)
  const { cancel, retry, run, remove } = list
  return {
    ...{ jobs, failure, cancel, retry, run, remove },
    loadMore: cursor === null ? null : () => void list.loadMore(),
    refresh: () => void list.refresh(),
  }
}
