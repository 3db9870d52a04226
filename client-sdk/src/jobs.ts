import type { Job, JobState, StageKind } from '../../shared/index.ts'
import { askUntil } from './ask-until.ts'
import type { HttpCaller } from './http/call.ts'
import type { CallOptions } from './options.ts'
import { RushesError } from './rushes-error.ts'
import type { Page } from './videos.ts'

export interface ListJobsOptions extends CallOptions {
  /** 1 to 200; 50 when not given. */
  limit?: number | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  /** For a video's stages, the name of the stage. */
  kind?: string | undefined
  state?: JobState | undefined
  /** The id of a video, to see its jobs alone. */
  videoId?: string | undefined
}
export interface UntilEndedOptions extends CallOptions {
  /** Called whenever something moved. */
  onProgress?: ((job: Job) => void) | undefined
}

/** Work that outlives its request. All that take an id throw `job.not_found`. */
export interface Jobs {
  /** One page, newest first. */
  list(options?: ListJobsOptions): Promise<Page<Job>>
  get(id: string, options?: CallOptions): Promise<Job>
  /**
   * Runs a stage of a video, again if need be; what it made before stays until the new one is there. Who asks for what
   * waits already is given that job. Throws `video.not_found`, `video.not_uploaded`.
   */
  run(videoId: string, kind: StageKind, options?: CallOptions): Promise<Job>
  /** Calls it off: it stops within two seconds, wherever it runs. Throws `job.ended`. */
  cancel(id: string, options?: CallOptions): Promise<Job>
  /** Tries again what failed or was called off. Throws `job.ended` when it ended well. */
  retry(id: string, options?: CallOptions): Promise<Job>
  /** Calls it off if need be, and forgets it. What it has made stays with its video. */
  delete(id: string, options?: CallOptions): Promise<void>
  /** Resolves with the job once it is done or was skipped. Throws `job.failed`, `job.cancelled`. */
  untilEnded(id: string, options?: UntilEndedOptions): Promise<Job>
}

export function createJobs({ call }: HttpCaller): Jobs {
  const get: Jobs['get'] = async (id, options) => (await call('jobs.get', { params: { id } }, options)).job
  return {
    get,
    list: ({ signal, videoId, ...query } = {}) =>
      call('jobs.list', { query: { ...query, ...(videoId && { subject: `video:${videoId}` }) } }, { signal }),
    run: async (id, kind, options) => (await call('videos.runStage', { params: { id }, body: { kind } }, options)).job,
    cancel: async (id, options) => (await call('jobs.cancel', { params: { id } }, options)).job,
    retry: async (id, options) => (await call('jobs.retry', { params: { id } }, options)).job,
    delete: async (id, options) => void (await call('jobs.delete', { params: { id } }, options)),
    untilEnded: (id, options) => untilEnded(get, id, options),
  }
}

function untilEnded(get: Jobs['get'], id: string, { signal, onProgress }: UntilEndedOptions = {}): Promise<Job> {
  return askUntil(async () => {
    const job = await get(id, { signal })
    if (job.state === 'failed') throw new RushesError('job.failed', job.reason ?? 'The job failed.')
    if (job.state === 'cancelled') throw new RushesError('job.cancelled', job.reason ?? 'The job was called off.')
    return {
      moves: `${job.state} ${job.percent} ${job.attempt}`,
      told: () => onProgress?.(job),
      ...((job.state === 'done' || job.state === 'skipped') && { end: () => job }),
    }
  }, signal)
}
