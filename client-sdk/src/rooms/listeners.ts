/** Listeners by event; one that throws does not keep the others from theirs. */
export interface Listeners<M extends Record<string, unknown[]>> {
  /** Returns what takes the listener off again. */
  on<T extends keyof M>(type: T, listener: (...args: M[T]) => void): () => void
  off<T extends keyof M>(type: T, listener: (...args: M[T]) => void): void
  emit<T extends keyof M>(type: T, ...args: M[T]): void
  /** Nobody listens to anything. */
  readonly isEmpty: boolean
}

export function createListeners<M extends Record<string, unknown[]>>(): Listeners<M> {
  const byType: { [T in keyof M]?: Set<(...args: M[T]) => void> } = {}
  const off: Listeners<M>['off'] = (type, listener) => void byType[type]?.delete(listener)
  return {
    get isEmpty() {
      return Object.values(byType).every(listeners => listeners?.size === 0)
    },
    off,
    on(type, listener) {
      const listeners = byType[type] ?? new Set()
      byType[type] = listeners.add(listener)
      return () => off(type, listener)
    },
    emit(type, ...args) {
      for (const listener of [...(byType[type] ?? [])]) {
        try {
          listener(...args)
        } catch (fault) {
          // It is the listener's own fault: told where uncaught faults are, not to the room.
          queueMicrotask(() => {
            throw fault
          })
        }
      }
    },
  }
}
