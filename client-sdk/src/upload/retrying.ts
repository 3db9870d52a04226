import { mayPass } from '../may-pass.ts'
import { pause } from '../pause.ts'

/** Half a minute in all: longer than a store or a network is usually away. */
export const retryDelaysMs = [250, 500, 1000, 2000, 4000, 8000, 15_000]

/** Does it again while it may pass. */
export async function retrying<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
  passes: (fault: unknown) => boolean = mayPass,
): Promise<T> {
  for (const delayMs of retryDelaysMs) {
    try {
      return await work()
    } catch (fault) {
      if (signal?.aborted || !passes(fault)) throw fault
      await pause(delayMs, signal)
    }
  }
  return work()
}
