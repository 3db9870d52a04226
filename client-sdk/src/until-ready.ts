import type { Progress, Video } from '../../shared/index.ts'
import { askUntil } from './ask-until.ts'
import type { CallAnswer } from './http/call.ts'
import type { CallOptions } from './options.ts'
import { RushesError } from './rushes-error.ts'

export interface WaitOptions extends CallOptions {
  /** Called whenever something moved. */
  onProgress?: ((progress: Progress) => void) | undefined
}

interface StatusSource {
  status(id: string, options: CallOptions): Promise<CallAnswer<'videos.status'>>
  get(id: string, options: CallOptions): Promise<Video>
}

/** Asks how far it is. For every step as it happens, join the room. */
export function untilReady(videos: StatusSource, id: string, { signal, onProgress }: WaitOptions = {}): Promise<Video> {
  return askUntil(async () => {
    const { status, progress, error } = await videos.status(id, { signal })
    if (status === 'error') throw videoFailure(error)
    return {
      moves: JSON.stringify(progress),
      told: () => onProgress?.(progress),
      ...(status === 'ready' && { end: () => videos.get(id, { signal }) }),
    }
  }, signal)
}

const videoFailure = (error: { code: string; message: string } | null): RushesError =>
  new RushesError(error?.code ?? 'media.failed', error?.message ?? 'The video could not be processed.')
