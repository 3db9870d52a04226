import type { Queryable } from '../db/index.ts'
import { sumRenditions } from './queries.ts'

/** Adding them up reads all of them. */
const freshMs = 60_000

/** What all renditions take, in bytes; up to a minute old. */
export function createRenditionTotal(db: Queryable): () => Promise<number> {
  let known: Promise<number> | null = null
  let until = 0
  return () => {
    if (known && performance.now() < until) return known
    const asked = sumRenditions(db)
    known = asked
    until = performance.now() + freshMs
    // Who asks next asks anew.
    asked.catch(() => {
      if (known === asked) known = null
    })
    return asked
  }
}
