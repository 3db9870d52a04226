/** Work that outlives its request: a record that people can look at, call off and run again. */
export {
  type AnyJob,
  type Assignment,
  defineJob,
  type JobContext,
  type JobDefinition,
  type JobOutcome,
  type JobRequest,
} from './job.ts'
export { createJobs, type Jobs } from './jobs.ts'
export { secondsLeft } from './seconds-left.ts'
