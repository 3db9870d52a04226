import type { AppError } from './errors.ts'

/**
 * Leave to be here, which can be taken back while something is open under it. Not an `AbortSignal`: thousands of sockets
 * and ranges hang on one key, and a signal walks the list of its listeners each time that one comes or goes.
 */
export interface Permit {
  /** Why it ended; null while it holds. */
  readonly fault: AppError | null
  /** Called once, when it ends; at once if it has. Returns how to stop that. */
  onEnd(listener: (fault: AppError) => void): () => void
}

export interface RevocablePermit extends Permit {
  /** A second time changes nothing. */
  end(fault: AppError): void
}

export function createPermit(): RevocablePermit {
  const listeners = new Set<(fault: AppError) => void>()
  let fault: AppError | null = null
  const tell = (reason: AppError) => {
    if (fault) return
    fault = reason
    for (const listener of listeners) listener(reason)
    listeners.clear()
  }
  return {
    get fault() {
      return fault
    },
    onEnd(listener) {
      if (fault) listener(fault)
      else listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    // In the next turn: whoever revokes the key that they came with still gets their answer.
    end: reason => void setImmediate(tell, reason),
  }
}

/** One that nobody takes back. */
export const lastingPermit: Permit = { fault: null, onEnd: () => () => {} }
