import { AsyncLocalStorage } from 'node:async_hooks'

/** What is being done, and for whom. */
export interface Errand {
  requestId: string
  /** A method of HTTP, `socket` or `job`. */
  door: string
  /** A path, an event, a job's name. What follows a `?` is never told: it may be a secret. */
  what: string
}

/** Knows in whose course something happens, however far from its door: a fault that nobody caught is told with it. */
export interface Errands {
  run<R>(errand: Errand, work: () => R): R
  /** Undefined for what nobody asked for. */
  current(): Errand | undefined
}

export function createErrands(): Errands {
  const running = new AsyncLocalStorage<Errand>()
  return {
    run: (errand, work) => running.run(errand, work),
    current() {
      const errand = running.getStore()
      return errand && { ...errand, what: errand.what.split('?', 1)[0] ?? '' }
    },
  }
}
