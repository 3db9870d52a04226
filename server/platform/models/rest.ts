import { reasonOf } from '../errors.ts'

/** Keeps an engine that has failed from being asked again at once: whoever asks would wait for it each time. */
export interface Rest {
  /** It failed: it rests from now on. */
  begin(fault: unknown): void
  end(): void
  /** Why it rests; null when it does not. */
  reason(): string | null
}

export function createRest(restMs: number): Rest {
  let failure: { reason: string; at: number } | null = null
  return {
    begin(fault) {
      failure = { reason: reasonOf(fault), at: performance.now() }
    },
    end() {
      failure = null
    },
    reason: () => (failure !== null && performance.now() - failure.at < restMs ? failure.reason : null),
  }
}
