import type { Progress } from '../../shared/index.ts'
import type { CallOptions } from './options.ts'
import { RushesError } from './rushes-error.ts'
import type { Videos } from './videos.ts'

export interface WaitOptions extends CallOptions {
  /** Called whenever something moved. */
  onProgress?: ((progress: Progress) => void) | undefined
}

const firstGapMs = 150
const longestGapMs = 2000
/** A server that restarts is waited for. */
const patience = 8

/** Asks how far it is, less and less often while nothing moves. For every step as it happens, join the room. */
export async function untilReady(
  videos: Pick<Videos, 'status' | 'get'>,
  id: string,
  { signal, onProgress }: WaitOptions = {},
) {
  let gapMs = firstGapMs
  let last = ''
  let misses = 0
  for (;;) {
    try {
      const { status, progress, error } = await videos.status(id, { signal })
      misses = 0
      if (status === 'error') throw videoFailure(error)
      const now = JSON.stringify(progress)
      if (now !== last) onProgress?.(progress)
      gapMs = now === last ? Math.min(gapMs * 1.5, longestGapMs) : firstGapMs
      last = now
      if (status === 'ready') return await videos.get(id, { signal })
    } catch (fault) {
      if (!isPassing(fault) || ++misses > patience) throw fault
      gapMs = longestGapMs
    }
    await pause(gapMs, signal)
  }
}

const videoFailure = (error: { code: string; message: string } | null): RushesError =>
  new RushesError(error?.code ?? 'media.failed', error?.message ?? 'The video could not be processed.')

const isPassing = (fault: unknown): boolean =>
  fault instanceof RushesError &&
  ['network', 'server.busy', 'server.stopping', 'request.rate_limited'].includes(fault.code)

/** Resolves after a while; throws the signal's reason at once. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
