import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from 'koa'
import type { Caller } from '../platform/caller.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import { sentIdempotencyKey } from '../platform/http/index.ts'
import type { Leases } from '../platform/leases/index.ts'
import { findKey, type Made, noteKey } from './queries.ts'

/** Notes what is made, in the transaction that makes it: first there, for nothing is made when another server may make it by now. */
export type Note = (tx: Tx, made: Made) => Promise<void>

export interface Keyed<T> {
  key: SentKey | null
  signal: AbortSignal
  /** `lost` aborts when another server may make it by now. */
  make: (note: Note | undefined, lost: AbortSignal | undefined) => Promise<T>
  /** Answers for what was made before. */
  again: (made: Made) => Promise<T>
}

/** From one renewal to the next: of a server that died the next request goes on after this. */
const leaseMs = 15_000
const patienceMs = 20_000
const retryMs = 200

/**
 * One request with a key makes the video; the others with the same key, also those that come meanwhile, are answered with
 * the same one. When making fails, the next one makes it.
 */
export function createIdempotencyKeys({ database: { db }, leases }: { database: Database; leases: Leases }) {
  /** Undefined while another request has the key. */
  const attempt = async <T>(hash: string, { make, again }: Keyed<T>): Promise<{ answer: T } | undefined> => {
    const before = await findKey(db, hash)
    if (before) return { answer: await again(before) }
    await using lease = await leases.take(`idempotency-key:${hash}`, { leaseMs, lost: inProgress })
    if (!lease) return undefined
    // Whoever had it may have made it just then.
    const made = await findKey(db, hash)
    if (made) return { answer: await again(made) }
    const note: Note = async (tx, making) => {
      await lease.confirm(tx)
      await noteKey(tx, hash, making)
    }
    return { answer: await make(note, lease.signal) }
  }

  return async <T>(keyed: Keyed<T>): Promise<T> => {
    const { key, signal, make, again } = keyed
    if (key === null) return make(undefined, undefined)
    const { hash, formerHash } = key
    const former = formerHash === hash ? undefined : await findKey(db, formerHash)
    if (former) return again(former)
    const givesUpAt = Date.now() + patienceMs
    for (;;) {
      const done = await attempt(hash, keyed)
      if (done) return done.answer
      if (Date.now() > givesUpAt) throw inProgress()
      await wait(retryMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}

export type IdempotencyKeys = ReturnType<typeof createIdempotencyKeys>

const inProgress = () =>
  new AppError('upload.in_progress', 'Another request with this Idempotency-Key is still under way.')

/** An `Idempotency-Key` and who sent it. */
export interface SentKey {
  hash: string
  /** As the version before made it: of their header, which is another one when their key is. */
  formerHash: string
}

/** Null when the caller sent none. Throws `request.invalid`. */
export function idempotencyKeyIn(ctx: Context, { kind, id }: Pick<Caller, 'kind' | 'id'>): SentKey | null {
  const key = sentIdempotencyKey(ctx)
  if (key === undefined) return null
  // Two callers may choose the same one.
  const hashOf = (who: string) =>
    createHash('sha256')
      .update(JSON.stringify([who, key]))
      .digest('hex')
  return { hash: hashOf(kind === 'local' ? '' : `${kind} ${id}`), formerHash: hashOf(ctx.get('authorization')) }
}
