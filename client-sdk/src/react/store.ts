import { useRef, useSyncExternalStore } from 'react'

/** A value that changes as a whole, and who wants to know. */
export interface Store<S extends object> {
  get(): S
  /** What is the same as before tells nobody. */
  set(change: Partial<S>): void
  subscribe(listener: () => void): () => void
}

export function createStore<S extends object>(first: S): Store<S> {
  const listeners = new Set<() => void>()
  let state = first
  return {
    get: () => state,
    set(change) {
      const next = { ...state, ...change }
      if (isSame(state, next)) return
      state = next
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What `select` reads off the state; drawn again only when that has another content, looked at one level deep. */
export function useSelected<S extends object, T>(store: Store<S>, select: (state: S) => T): T {
  const last = useRef<{ value: T } | null>(null)
  const read = (): T => {
    const value = select(store.get())
    if (last.current && isSame(last.current.value, value)) return last.current.value
    last.current = { value }
    return value
  }
  return useSyncExternalStore(store.subscribe, read, read)
}

/** The same value, or lists or objects whose parts are. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  const [before, after] = [a as Record<string, unknown>, b as Record<string, unknown>]
  const keys = Object.keys(before)
  return keys.length === Object.keys(after).length && keys.every(key => Object.is(before[key], after[key]))
}

/** The new list with the old items wherever they have not changed, and the old list when none has. */
export function keeping<T extends { id: string }>(before: readonly T[], after: readonly T[]): readonly T[] {
  const known = new Map(before.map(item => [item.id, item]))
  const list = after.map(item => {
    const old = known.get(item.id)
    return old && isSame(old, item) ? old : item
  })
  return isSame(before, list) ? before : list
}
