import { createDeferred } from '../deferred.ts'
import type { Talk } from './talk.ts'

export interface RemoveOptions {
  /** How long it can be undone; the request goes at once when not given. A page that hides ends it early. */
  undoMs?: number | undefined
}

/** A message that is gone from sight, and perhaps not from the server yet. */
export interface Removal {
  /** Puts it back; too late once the request is out. */
  undo(): void
  /** Resolves once it is deleted or undone; throws why it was refused, and then it is back. */
  done: Promise<void>
}

/** Deletes messages, with time to undo. */
export function createRemovals(change: Talk['change'], request: (messageId: string) => Promise<void>) {
  const open = new Set<() => void>()
  const underWay = new Set<Promise<void>>()
  return {
    remove(messageId: string, { undoMs = 0 }: RemoveOptions = {}): Removal {
      const decided = createDeferred<void>()
      const close = () => {
        clearTimeout(timer)
        unhear()
        open.delete(confirm)
      }
      const confirm = () => {
        close()
        // In this very turn: the page may be gone in the next.
        const asked = request(messageId)
        const ended = asked.then(decided.resolve, decided.reject).finally(() => underWay.delete(ended))
        underWay.add(ended)
      }
      const timer = setTimeout(confirm, undoMs)
      const unhear = onHidden(confirm)
      open.add(confirm)
      const gone = change(
        messageId,
        () => null,
        () => decided.promise,
      )
      return {
        undo() {
          close()
          decided.reject(undone)
        },
        done: gone.catch(fault => {
          if (fault !== undone) throw fault
        }),
      }
    },
    /** The room is about to be left: no more time to undo. Calls back once the server has all of it. */
    confirmAll(then: () => void) {
      for (const confirm of [...open]) confirm()
      if (underWay.size === 0) then()
      else void Promise.all(underWay).then(then)
    },
  }
}

const undone = new Error('The deletion was undone.')

/** In browsers: when the page is about to go, which it does not say any later for sure. */
function onHidden(listener: () => void): () => void {
  if (typeof document === 'undefined') return () => {}
  const whenHidden = () => document.visibilityState === 'hidden' && listener()
  document.addEventListener('visibilitychange', whenHidden)
  addEventListener('pagehide', listener)
  return () => {
    document.removeEventListener('visibilitychange', whenHidden)
    removeEventListener('pagehide', listener)
  }
}
