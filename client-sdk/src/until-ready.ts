import type { Progress, Video } from '../../shared/index.ts'
import type { CallAnswer } from './http/call.ts'
import { mayPass } from './may-pass.ts'
import type { CallOptions } from './options.ts'
import { pause } from './pause.ts'
import { RushesError } from './rushes-error.ts'

export interface WaitOptions extends CallOptions {
  /** Called whenever something moved. */
  onProgress?: ((progress: Progress) => void) | undefined
}

interface StatusSource {
  status(id: string, options: CallOptions): Promise<CallAnswer<'videos.status'>>
  get(id: string, options: CallOptions): Promise<Video>
}

const firstGapMs = 150
const longestGapMs = 2000
/** What stands still for long, such as an upload whose sender is gone, may be waited for a whole day. */
const calmGapMs = 15_000
const shareOfSilence = 1 / 10
/** A server that restarts is waited for. */
const patience = 8

/** Asks how far it is, less and less often while nothing moves. For every step as it happens, join the room. */
export async function untilReady(videos: StatusSource, id: string, { signal, onProgress }: WaitOptions = {}) {
  let gapMs = firstGapMs
  let last = ''
  let misses = 0
  let movedAtMs = Date.now()
  for (;;) {
    try {
      const { status, progress, error } = await videos.status(id, { signal })
      misses = 0
      if (status === 'error') throw videoFailure(error)
      const now = JSON.stringify(progress)
      if (now !== last) onProgress?.(progress)
      if (now !== last) movedAtMs = Date.now()
      const mostMs = Math.min(calmGapMs, Math.max(longestGapMs, (Date.now() - movedAtMs) * shareOfSilence))
      gapMs = now === last ? Math.min(gapMs * 1.5, mostMs) : firstGapMs
      last = now
      if (status === 'ready') return await videos.get(id, { signal })
    } catch (fault) {
      if (!mayPass(fault) || ++misses > patience) throw fault
      gapMs = longestGapMs
    }
    await pause(gapMs, signal)
  }
}

const videoFailure = (error: { code: string; message: string } | null): RushesError =>
  new RushesError(error?.code ?? 'media.failed', error?.message ?? 'The video could not be processed.')
