import './jobs.css'
import { JobsBar } from './jobs-bar.tsx'

const widths = [40, 62, 48, 70, 55, 44]

/** The list before it is there, in the shape that it will have. */
export function JobsSkeleton() {
  return (
    <div className="job-list" role="status" aria-busy="true" aria-label="Loading the jobs">
      <div className="job-group">
        <h2>
          <span className="skeleton" style={{ width: 64, height: 12 }} />
        </h2>
        <ul>
          {widths.map(width => (
            <li key={width} className="job">
              <span className="job-sign skeleton" style={{ width: 12, height: 12 }} />
              <span className="job-work">
                <span className="skeleton" style={{ width: `${width}%`, height: 12 }} />
              </span>
              <span className="job-film">
                <span className="skeleton" style={{ width: `${width}%`, height: 12 }} />
              </span>
              <div className="job-facts">
                <span className="job-state">
                  <span className="skeleton" style={{ width: 48, height: 12 }} />
                </span>
              </div>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

/** The whole view, while its script is on its way. */
export function JobsLoading() {
  return (
    <>
      <JobsBar />
      <main className="jobs">
        <JobsSkeleton />
      </main>
    </>
  )
}
