import { useCallback } from 'react'
import type { Job, StageKind, StageName } from '../../../client-sdk/src/index.ts'
import { useLoaded, useRushes } from '../../../client-sdk/src/react/index.ts'
import { reasonOf, useToast } from '../ui/toasts.tsx'

export const isStageKind = (name: StageName): name is StageKind => name !== 'upload'

export interface StageDeeds {
  callOff: (stage: StageKind) => Promise<void>
  tryAgain: (stage: StageKind) => Promise<void>
}

/** What can be done to a stage. Each resolves when the server has answered; what it refuses is said. */
export function useStageDeeds(videoId: string): StageDeeds {
  const { jobs } = useRushes()
  const say = useToast()
  const newest = async (kind: StageKind) => (await jobs.list({ videoId, kind, limit: 5 })).items
  return {
    async callOff(kind) {
      try {
        const job = (await newest(kind)).find(({ state }) => state === 'running')
        if (job) await jobs.cancel(job.id)
      } catch (fault) {
        say(`Not called off: ${reasonOf(fault)}`)
      }
    },
    async tryAgain(kind) {
      try {
        const [job] = await newest(kind)
        // A stage of long ago has no job.
        if (job?.state === 'failed' || job?.state === 'cancelled') await jobs.retry(job.id)
        else await jobs.run(videoId, kind)
      } catch (fault) {
        say(`Not tried again: ${reasonOf(fault)}`)
      }
    },
  }
}

/** Of these stages, the jobs that they last were: they know why it failed, and what was called off. */
export function useLastJobs(videoId: string, stages: readonly StageName[]): ReadonlyMap<string, Job> {
  const { jobs } = useRushes()
  const names = stages.join()
  const load = useCallback(
    async (signal: AbortSignal) => {
      const kinds = names.split(',')
      const pages = await Promise.all(kinds.map(kind => jobs.list({ videoId, kind, limit: 1, signal })))
      return new Map(pages.flatMap(({ items }) => items.map(job => [job.kind, job])))
    },
    [jobs, videoId, names],
  )
  return useLoaded(names === '' ? null : load).value ?? none
}
const none: ReadonlyMap<string, Job> = new Map()
