import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from 'koa'
import { IdempotencyKey } from '../../shared/index.ts'
import type { Caller } from '../platform/caller.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import { keepLease } from '../platform/keep-lease.ts'
import { dropKey, findKey, keyLeaseMs, noteKey, renewKey, takeKey } from './key-queries.ts'
import type { Made } from './uploads.ts'

/** Notes what was made, in the transaction that makes it. */
export type Note = (tx: Tx, made: Made) => Promise<void>

export interface Once<T> {
  key: OnceKey | null
  signal: AbortSignal
  /** `lost` aborts when another server may make it by now. */
  make: (note: Note | undefined, lost: AbortSignal | undefined) => Promise<T>
  /** Answers for what was made before. */
  again: (made: Made) => Promise<T>
}

const patienceMs = 20_000
const retryMs = 200

/**
 * One request with a key makes the video; the others with the same key, also those that come meanwhile, are answered with
 * the same one. When making fails, the next one makes it.
 */
export function createOnce({ database }: { database: Database }) {
  const { db } = database

  const makeOnce = async <T>(hash: string, holder: string, make: Once<T>['make']): Promise<T> => {
    const renew = () => renewKey(db, hash, holder)
    await using lease = keepLease({ renew, leaseMs: keyLeaseMs, lost: inProgress })
    const note: Note = async (tx, made) => {
      // Another server took this one for dead, and makes the video itself.
      if (!(await noteKey(tx, { hash, holder, ...made }))) throw inProgress()
    }
    try {
      return await make(note, lease.signal)
    } catch (fault) {
      // The fault is what the sender has to hear; a key that can't be dropped now lapses.
      await dropKey(db, hash, holder).catch(() => {})
      throw fault
    }
  }

  return async <T>({ key, signal, make, again }: Once<T>): Promise<T> => {
    if (key === null) return make(undefined, undefined)
    const { hash, formerHash } = key
    const former = formerHash === hash ? undefined : await findKey(db, formerHash)
    if (former?.videoId) return again({ videoId: former.videoId, uploadId: former.uploadId })
    const givesUpAt = Date.now() + patienceMs
    const holder = randomUUID()
    for (;;) {
      if (await takeKey(db, hash, holder)) return makeOnce(hash, holder, make)
      const known = await findKey(db, hash)
      if (known?.videoId) return again({ videoId: known.videoId, uploadId: known.uploadId })
      if (Date.now() > givesUpAt) throw inProgress()
      await wait(retryMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}

const inProgress = () =>
  new AppError('upload.in_progress', 'Another request with this Idempotency-Key is still under way.')

/** An `Idempotency-Key` and who sent it. */
export interface OnceKey {
  hash: string
  /** As the version before made it: of their header, which is another one when their key is. */
  formerHash: string
}

/** Null when the caller sent none. Throws `request.invalid`. */
export function onceKeyIn(ctx: Context, { kind, id }: Pick<Caller, 'kind' | 'id'>): OnceKey | null {
  const key = ctx.get('idempotency-key')
  if (key === '') return null
  if (!IdempotencyKey.safeParse(key).success)
    throw new AppError('request.invalid', 'An Idempotency-Key has 1 to 200 characters.')
  // Two callers may choose the same one.
  const hashOf = (who: string) =>
    createHash('sha256')
      .update(JSON.stringify([who, key]))
      .digest('hex')
  return { hash: hashOf(kind === 'local' ? '' : `${kind} ${id}`), formerHash: hashOf(ctx.get('authorization')) }
}
