/** Work that outlives its request: durable, retried, cancellable. */
export { defineJob, type Job, type JobContext, type JobRequest } from './job.ts'
export { type AnyJob, createQueue, type Queue } from './queue.ts'
