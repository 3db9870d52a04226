import { z } from 'zod'
import { JobId, VideoId } from './ids.ts'
import { Job, JobState, RunStage } from './jobs.ts'
import { listOf, page } from './lists.ts'
import { defineRoutes } from './route.ts'

const ofJob = z.object({ id: JobId })
const answer = z.object({ job: Job })

/** Work that outlives its request, whatever it is about. */
export const jobRoutes = defineRoutes({
  'jobs.list': {
    method: 'GET',
    path: '/api/jobs',
    scope: 'jobs',
    summary: 'Jobs, newest first; `subject` is a stream such as `video:<id>`',
    query: z.object({
      ...page,
      kind: z.string().max(100).optional(),
      state: JobState.optional(),
      subject: z.string().max(100).optional(),
    }),
    answer: listOf(Job),
  },
  'jobs.get': { method: 'GET', path: '/api/jobs/:id', scope: 'jobs', summary: 'One job', params: ofJob, answer },
  'jobs.cancel': {
    method: 'POST',
    path: '/api/jobs/:id/cancel',
    scope: 'jobs',
    summary: 'Call a job off, wherever it runs; `job.ended` when there is nothing to call off any more',
    params: ofJob,
    answer,
  },
  'jobs.retry': {
    method: 'POST',
    path: '/api/jobs/:id/retry',
    scope: 'jobs',
    summary: 'Try a job again that failed or was called off; one that waits or runs already is the answer as it is',
    params: ofJob,
    answer,
    status: 202,
  },
  'jobs.delete': {
    method: 'DELETE',
    path: '/api/jobs/:id',
    scope: 'jobs',
    summary: 'Forget a job, after calling it off. What it has made stays with its subject',
    params: ofJob,
    status: 204,
  },
  'videos.runStage': {
    method: 'POST',
    path: '/api/videos/:id/jobs',
    scope: 'jobs',
    summary: 'Run a stage of a video, again if need be. What it made before stays until the new one is there',
    params: z.object({ id: VideoId }),
    body: RunStage,
    answer,
    status: 202,
  },
})
