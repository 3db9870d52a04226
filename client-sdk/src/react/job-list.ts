import type { Job, JobState, Rushes, StageKind } from '../index.ts'
import { type Failing, failingOf } from './failing.ts'
import { isUnfinished, jobsGapMs } from './jobs-pace.ts'
import { createStore, keeping, type Store } from './store.ts'

/** Which jobs; all when nothing is given. */
export interface JobsFilter {
  videoId?: string | undefined
  /** For a video's stages, the name of the stage. */
  kind?: string | undefined
  state?: JobState | undefined
  /** How many a page has, 1 to 200; 50 when not given. */
  limit?: number | undefined
}

interface JobListState {
  jobs: readonly Job[] | null
  /** Of the next page; null when there is none. */
  cursor: string | null
  failure: Failing | null
}

/** What `useJobs` draws, without anything that draws. */
export interface JobListStore {
  store: Store<JobListState>
  /** Never throws: why it failed stands in the state. */
  refresh(): Promise<void>
  loadMore(): Promise<void>
  gapMs(): number
  cancel(id: string): Promise<Job>
  retry(id: string): Promise<Job>
  run(videoId: string, kind: StageKind): Promise<Job>
  remove(id: string): Promise<void>
}

const pageSize = 50
/** So many at most wait or run beyond the first page and are still shown. */
const mostUnfinished = 100
/** So many are looked after one by one when they are no longer among those. */
const mostLookedAfter = 20

export function createJobList(rushes: Rushes, filter: JobsFilter = {}): JobListStore {
  const { limit = pageSize, ...wanted } = filter
  const store = createStore<JobListState>({ jobs: null, cursor: null, failure: null })
  const gone = new Set<string>()
  const turns = createTurns()
  let misses = 0
  let hasLoadedMore = false
  let loading = false

  const matches = (job: Job) => (wanted.state === undefined || job.state === wanted.state) && !gone.has(job.id)
  const known = () => store.get().jobs ?? []
  const show = (jobs: readonly Job[], change: Partial<JobListState> = {}) => {
    const unique = [...new Map(jobs.map(job => [job.id, job])).values()].filter(matches)
    // Ids sort by time.
    const sorted = unique.toSorted((a, b) => (a.id < b.id ? 1 : -1))
    store.set({ ...change, jobs: keeping(known(), sorted) })
  }
  const failed = (fault: unknown) => store.set({ failure: failingOf(fault) })

  /** What was known, then the first page, then what is older and waits or runs: later ones are newer news. */
  const newest = async () => {
    const ask = (state: JobState | undefined, most: number) => rushes.jobs.list({ ...wanted, state, limit: most })
    const page = await ask(wanted.state, limit)
    const last = page.nextCursor === null ? undefined : page.items.at(-1)
    const fresh = [...page.items]
    // In the order in which a job goes through them: what moves on meanwhile is met again.
    if (last && wanted.state === undefined)
      for (const state of ['waiting', 'running'] as const) fresh.push(...(await ask(state, mostUnfinished)).items)
    const ids = new Set(fresh.map(({ id }) => id))
    const older = () => known().filter(({ id }) => last !== undefined && id < last.id && !ids.has(id))
    const ended = await Promise.all(older().filter(isUnfinished).slice(0, mostLookedAfter).map(asItIs))
    return { jobs: [...older(), ...ended, ...fresh], cursor: page.nextCursor }
  }
  const asItIs = (job: Job): Promise<Job> =>
    rushes.jobs.get(job.id).catch(fault => {
      if (failingOf(fault).code === 'job.not_found') gone.add(job.id)
      return job
    })

  const refresh = async () => {
    const turn = turns.begin()
    try {
      const { jobs, cursor } = await newest()
      if (!turns.end(turn)) return
      misses = 0
      show(jobs, { failure: null, ...(!hasLoadedMore && { cursor }) })
    } catch (fault) {
      if (!turns.end(turn)) return
      misses += 1
      failed(fault)
    }
  }
  const loadMore = async () => {
    const { cursor } = store.get()
    if (cursor === null || loading) return
    loading = true
    try {
      const { items, nextCursor } = await rushes.jobs.list({ ...wanted, limit, cursor })
      hasLoadedMore = true
      show([...items, ...known()], { cursor: nextCursor })
    } catch (fault) {
      failed(fault)
    } finally {
      loading = false
    }
  }

  /** What it answers is shown at once; what was asked for before it, and comes later, no longer. */
  const act = async (id: string | null, work: Promise<Job>): Promise<Job> => {
    try {
      const job = await work
      turns.voidEarlier()
      if (belongs(job, wanted)) show([...known(), job])
      return job
    } catch (fault) {
      if (id !== null && failingOf(fault).code === 'job.not_found') gone.add(id)
      throw fault
    } finally {
      await refresh()
    }
  }
  const remove = async (id: string) => {
    const before = known().filter(job => job.id === id)
    gone.add(id)
    show(known())
    try {
      await rushes.jobs.delete(id)
    } catch (fault) {
      if (failingOf(fault).code === 'job.not_found') return
      gone.delete(id)
      show([...known(), ...before])
      throw fault
    } finally {
      await refresh()
    }
  }

  return {
    ...{ store, refresh, loadMore, remove },
    gapMs: () => jobsGapMs(known(), misses),
    cancel: id => act(id, rushes.jobs.cancel(id)),
    retry: id => act(id, rushes.jobs.retry(id)),
    run: (videoId, kind) => act(null, rushes.jobs.run(videoId, kind)),
  }
}

const belongs = ({ subject, kind }: Job, wanted: JobsFilter): boolean =>
  (wanted.videoId === undefined || subject === `video:${wanted.videoId}`) &&
  (wanted.kind === undefined || kind === wanted.kind)

/** Of answers that overtake each other, only those count that were asked for after the last one that came. */
function createTurns() {
  let last = 0
  let oldest = 0
  return {
    begin: () => ++last,
    /** Whether it still counts. */
    end(turn: number): boolean {
      if (turn < oldest) return false
      oldest = turn
      return true
    },
    voidEarlier() {
      oldest = last + 1
    },
  }
}
