import { type Caller, keyIdOf } from '../platform/caller.ts'
import type { Queryable } from '../platform/db/index.ts'
import { noteKeysUsed } from './queries.ts'

/** A key that is used all the time is written down once in so long. */
const noteEveryMs = 60_000

/** When keys were used, to a minute: enough to see which one nobody needs any more. */
export function createKeyUse(db: Queryable) {
  const seen = new Set<string>()
  const notedAt = new Map<string, number>()
  return {
    saw(caller: Caller): void {
      const keyId = keyIdOf(caller)
      if (keyId !== null) seen.add(keyId)
    },
    async note(): Promise<void> {
      const now = performance.now()
      const due = [...seen].filter(id => now - (notedAt.get(id) ?? -noteEveryMs) >= noteEveryMs)
      seen.clear()
      if (due.length === 0) return
      await noteKeysUsed(db, due)
      for (const id of due) notedAt.set(id, now)
    },
  }
}
