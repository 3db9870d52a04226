import { BrokenOff } from './model-fault.ts'

/** How long a model may be silent, in milliseconds. */
export interface Patience {
  /** Until it begins: a local one may have to load, and reads the prompt first. */
  firstMs: number
  betweenMs: number
  wholeMs: number
}

export interface SilenceTimer {
  /** Aborted, with why, when it was silent for too long. */
  signal: AbortSignal
  /** Something came; what says nothing is no beginning. */
  heard(isAlive: boolean): void
  stop(): void
}

export function createSilenceTimer({ firstMs, betweenMs, wholeMs }: Patience): SilenceTimer {
  const controller = new AbortController()
  const giveUpAfter = (ms: number) =>
    setTimeout(() => controller.abort(new BrokenOff(`it was silent for ${ms / 1000} s`)), ms)
  const whole = setTimeout(() => controller.abort(new BrokenOff(`it took more than ${wholeMs / 1000} s`)), wholeMs)
  let hasBegun = false
  let timer = giveUpAfter(firstMs)
  return {
    signal: controller.signal,
    heard(isAlive) {
      hasBegun ||= isAlive
      if (!hasBegun) return
      clearTimeout(timer)
      timer = giveUpAfter(betweenMs)
    },
    stop() {
      clearTimeout(timer)
      clearTimeout(whole)
    },
  }
}
