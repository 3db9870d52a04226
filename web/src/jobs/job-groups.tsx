import { useState } from 'react'
import type { Job } from '../../../client-sdk/src/index.ts'
import { useNow } from '../ui/use-now.ts'
import { type JobDeed, JobRow } from './job-row.tsx'
import { type Titles, useTitles } from './use-titles.ts'

interface JobGroupsProps {
  jobs: readonly Job[]
  busy: ReadonlySet<string>
  onDeed: (deed: JobDeed, job: Job) => void
}

/** What runs, what waits in the order in which it was asked for, and what has ended, the last end first. */
export function JobGroups({ jobs, busy, onDeed }: JobGroupsProps) {
  const titles = useTitles(jobs)
  const running = jobs.filter(job => job.state === 'running')
  const waiting = jobs.filter(job => job.state === 'waiting').toReversed()
  const ended = jobs.flatMap(job => (job.endedAt === null ? [] : [{ job, at: Date.parse(job.endedAt) }]))
  const rest = { titles, busy, onDeed }
  return (
    <>
      <JobGroup name="Running" jobs={running} {...rest} />
      <JobGroup name="Waiting" jobs={waiting} fold {...rest} />
      <JobGroup name="Ended" jobs={ended.toSorted((a, b) => b.at - a.at).map(({ job }) => job)} {...rest} />
    </>
  )
}

interface JobGroupProps extends JobGroupsProps {
  name: string
  titles: Titles
  /** Many of them say no more than a few. */
  fold?: boolean
}

const shownInFold = 8

function JobGroup({ name, jobs, busy, titles, onDeed, fold = false }: JobGroupProps) {
  const now = useNow()
  const [open, setOpen] = useState(false)
  if (jobs.length === 0) return null
  const isFolded = fold && !open && jobs.length > shownInFold + 2
  const shown = isFolded ? jobs.slice(0, shownInFold) : jobs
  return (
    <section className="job-group">
      <h2>
        {name} {name === 'Ended' ? null : <span>{jobs.length}</span>}
      </h2>
      <ul>
        {shown.map(job => (
          <JobRow key={job.id} job={job} titles={titles} now={now} onDeed={onDeed} isBusy={busy.has(job.id)} />
        ))}
      </ul>
      {isFolded ? (
        <button type="button" className="button button-plain job-unfold" onClick={() => setOpen(true)}>
          Show all {jobs.length} that wait
        </button>
      ) : null}
    </section>
  )
}
