import { CloudOff, ListChecks } from 'lucide-react'
import { useRef } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { Job, JobState } from '../../../client-sdk/src/index.ts'
import { type JobList, useJobs } from '../../../client-sdk/src/react/index.ts'
import { useKeyAsked } from '../door/door.ts'
import { Notice } from '../ui/notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import { JobGroups } from './job-groups.tsx'
import { jobStates } from './job-words.ts'
import { JobsBar } from './jobs-bar.tsx'
import { JobsSkeleton } from './jobs-skeleton.tsx'
import { StateFilter } from './state-filter.tsx'
import { useDeeds } from './use-deeds.ts'

/** Everything that the server does by itself or was asked for: what runs, what waits, what became of the rest. */
export function JobsView() {
  useTitle('Jobs · Rushes')
  const [params, setParams] = useSearchParams()
  const state = jobStates.find(each => each === params.get('state'))
  const list = useJobs({ state })
  useKeyAsked(list.failure)
  return (
    <>
      <JobsBar>
        <StateFilter state={state} onChange={next => setParams(next ? { state: next } : {}, { replace: true })} />
      </JobsBar>
      <main className="jobs">
        <JobsOrWhyNot list={list} state={state} />
      </main>
    </>
  )
}

function JobsOrWhyNot({ list, state }: { list: JobList; state: JobState | undefined }) {
  const { jobs, failure, refresh, loadMore } = list
  const { busy, onDeed } = useDeeds(list)
  // While another state is asked for, the last one stays where it is.
  const last = useRef<readonly Job[] | null>(null)
  last.current = jobs ?? last.current
  const shown = last.current
  if (shown === null && failure) return <Unreachable message={failure.message} onRetry={refresh} />
  if (shown === null) return <JobsSkeleton />
  return (
    <div className="job-list" aria-busy={jobs === null}>
      {failure ? (
        <p className="library-offline" role="status">
          <CloudOff size={16} aria-hidden="true" /> Not connected. What you see may be old; trying again.
        </p>
      ) : null}
      {shown.length === 0 ? <NoJobs state={state} /> : <JobGroups jobs={shown} busy={busy} onDeed={onDeed} />}
      {loadMore && shown.length > 0 ? (
        <button type="button" className="button jobs-more" onClick={loadMore}>
          Show older
        </button>
      ) : null}
    </div>
  )
}

const noneIn: Record<JobState, string> = {
  running: 'Nothing runs now',
  waiting: 'Nothing waits',
  done: 'Nothing is done yet',
  failed: 'Nothing failed',
  cancelled: 'Nothing was called off',
  skipped: 'Nothing was skipped',
}

function NoJobs({ state }: { state: JobState | undefined }) {
  const library = (
    <Link href="/" className="button">
      Open the library
    </Link>
  )
  return (
    <Notice icon={ListChecks} title={state ? noneIn[state] : 'No jobs yet'} actions={state ? undefined : library}>
      {state ? undefined : 'Each film that comes is made playable, written down and searched through. That shows here.'}
    </Notice>
  )
}

function Unreachable({ message, onRetry }: { message: string; onRetry: () => void }) {
  const again = (
    <button type="button" className="button" onClick={onRetry}>
      Try again
    </button>
  )
  return (
    <Notice icon={CloudOff} title="The jobs can’t be reached" actions={again}>
      {message}
    </Notice>
  )
}
