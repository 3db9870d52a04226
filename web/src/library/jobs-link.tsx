import { ListChecks } from 'lucide-react'
import { Link } from 'wouter'
import { useJobs } from '../../../client-sdk/src/react/index.ts'

/** The way to the jobs, with a quiet dot while something is done. */
export function JobsLink() {
  // One is enough: what waits or runs comes beside it.
  const { jobs } = useJobs({ limit: 1 })
  const running = jobs?.filter(({ state }) => state === 'running').length ?? 0
  const name = running > 0 ? `Jobs, ${running} running` : 'Jobs'
  return (
    <Link href="/jobs" className="icon-button jobs-link" aria-label={name} title={name}>
      <ListChecks size={18} aria-hidden="true" />
      {running > 0 ? <span className="jobs-dot" /> : null}
    </Link>
  )
}
