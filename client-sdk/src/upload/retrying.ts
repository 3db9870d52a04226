import { pause } from '../pause.ts'
import { RushesError } from '../rushes-error.ts'

/** Half a minute in all: longer than a store or a network is usually away. */
export const retryDelaysMs = [250, 500, 1000, 2000, 4000, 8000, 15_000]

/** No answer, or a fault of whoever answered. What was refused is refused again. */
export const mayPass = (fault: unknown): boolean =>
  fault instanceof RushesError && (fault.status === 0 || fault.status >= 500 || fault.status === 429)

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
