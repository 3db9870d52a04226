import { useCallback, useEffect, useState } from 'react'
import { type Failing, failingOf } from './failing.ts'

export interface Loaded<T> {
  /** The last value that came; kept while a newer one is on its way. */
  value: T | null
  /** Why the last attempt failed. */
  failure: Failing | null
  loading: boolean
  reload: () => void
}

/** Runs `load` (memoize it) whenever it changes, aborting the one before; null loads nothing. */
export function useLoaded<T>(load: ((signal: AbortSignal) => Promise<T>) | null): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ value: null, failure: null, loading: load !== null })
  const [attempt, setAttempt] = useState(0)

  // `attempt` counts the reloads that were asked for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!load) return setState({ value: null, failure: null, loading: false })
    const controller = new AbortController()
    setState(before => ({ ...before, loading: true }))
    load(controller.signal).then(
      value => controller.signal.aborted || setState({ value, failure: null, loading: false }),
      fault =>
        controller.signal.aborted || setState(before => ({ ...before, failure: failingOf(fault), loading: false })),
    )
    return () => controller.abort()
  }, [load, attempt])

  return { ...state, reload: useCallback(() => setAttempt(count => count + 1), []) }
}
