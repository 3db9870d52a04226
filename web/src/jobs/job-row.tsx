import { Check, CircleAlert, CircleDashed, CircleSlash, type LucideIcon, Minus } from 'lucide-react'
import { Link } from 'wouter'
import type { Job, JobState } from '../../../client-sdk/src/index.ts'
import { age, roughTime, spanOfTime } from '../ui/format.ts'
import { Meter } from '../ui/meter.tsx'
import { noteOf, stageOf, stateWords, tookSeconds, videoIdOf, workWords } from './job-words.ts'
import type { Titles } from './use-titles.ts'

/** What can be done to a job. */
export type JobDeed = 'cancel' | 'retry' | 'run'
export const deedWords: Record<JobDeed, string> = { cancel: 'Call off', retry: 'Try again', run: 'Run again' }

interface JobRowProps {
  job: Job
  titles: Titles
  now: number
  onDeed: (deed: JobDeed, job: Job) => void
  /** The server is being asked for something with it. */
  isBusy: boolean
}

export function JobRow({ job, titles, now, onDeed, isBusy }: JobRowProps) {
  const note = noteOf(job)
  const deed = deedFor(job)
  const work = workWords(job)
  const videoId = videoIdOf(job)
  const about = (videoId && titles.get(videoId)) ?? 'a film'
  return (
    <li className="job" data-state={job.state} data-job={job.id}>
      <StateSign state={job.state} />
      <span className="job-work">{work}</span>
      <Film job={job} titles={titles} />
      <div className="job-facts">{job.state === 'running' ? <Running job={job} /> : <Facts job={job} now={now} />}</div>
      {deed ? (
        <button
          type="button"
          className="job-deed"
          data-deed={deed}
          aria-label={`${deedWords[deed]}: ${work}, ${about}`}
          // Not `disabled`: whoever is there by keyboard stays there.
          aria-disabled={isBusy}
          onClick={() => isBusy || onDeed(deed, job)}
        >
          {deedWords[deed]}
        </button>
      ) : null}
      {note === '' ? null : (
        <p className="job-note" title={note}>
          {note}
        </p>
      )}
    </li>
  )
}

function deedFor(job: Job): JobDeed | null {
  if (job.state === 'waiting' || job.state === 'running') return 'cancel'
  if (job.state === 'failed' || job.state === 'cancelled') return 'retry'
  return stageOf(job) && videoIdOf(job) ? 'run' : null
}

const signs: Record<Exclude<JobState, 'running'>, LucideIcon> = {
  waiting: CircleDashed,
  done: Check,
  skipped: Minus,
  failed: CircleAlert,
  cancelled: CircleSlash,
}

function StateSign({ state }: { state: JobState }) {
  if (state === 'running') return <span className="job-sign pulse" />
  const Sign = signs[state]
  return <Sign className="job-sign" size={16} aria-hidden="true" />
}

function Film({ job, titles }: { job: Job; titles: Titles }) {
  const videoId = videoIdOf(job)
  if (videoId === null) return <span className="job-film" />
  const title = titles.get(videoId)
  if (title === undefined) return <span className="job-film skeleton" />
  if (title === null) return <span className="job-film job-gone">A deleted film</span>
  return (
    <Link className="job-film" href={`/videos/${videoId}`} title={title}>
      {title}
    </Link>
  )
}

function Running({ job }: { job: Job }) {
  const { percent, etaSeconds } = job
  return (
    <>
      <span className="job-meter">
        <Meter percent={percent} label={workWords(job)} />
        <span>{Math.round(percent)} %</span>
      </span>
      <span className="job-when">{etaSeconds === null ? '' : `${roughTime(etaSeconds)} left`}</span>
    </>
  )
}

function Facts({ job, now }: { job: Job; now: number }) {
  const { state, createdAt, endedAt } = job
  const took = tookSeconds(job)
  const at = endedAt ?? createdAt
  return (
    <>
      <span className="job-state">{stateWords[state]}</span>
      <span className="job-took">
        {took === null ? null : (
          <>
            <span className="unseen">took </span>
            {spanOfTime(took)}
          </>
        )}
      </span>
      <time className="job-when" dateTime={at} title={new Date(at).toLocaleString()}>
        {age(at, now)}
      </time>
    </>
  )
}
