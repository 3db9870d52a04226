import type { BlobStore } from '../blobs/index.ts'
import type { Database, Tx } from '../db/index.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { PlatformMetrics } from '../metrics.ts'
import {
  countWaiting,
  endLeases,
  forgetRemoval,
  leaseRemovals,
  noteRemovals,
  postponeRemoval,
  type RemovalRow,
} from './queries.ts'
import { waitAtMost } from './wait-at-most.ts'

/**
 * Removes stored bytes after the transaction that makes them unwanted, never in it: a store that is slow would hold up all
 * who wait for the database. What a crash, or a store that is away, leaves is removed later, by whichever server is there.
 */
export interface Removals {
  /** In the transaction that makes it so: nobody wants this key any more, or what is below it when it ends in a slash. */
  note(tx: Tx, keys: readonly string[]): Promise<void>
  /** After that has committed: removes them. Waits a little for a store that is slow; never throws. */
  now(keys: readonly string[]): Promise<void>
  /** Removes whatever is due. */
  drain(): Promise<void>
  /** Noted, and not removed yet. */
  waiting(): Promise<{ count: number; oldest: Date | null }>
  start(): Promise<void>
  stop(): Promise<void>
}

export interface RemovalsOptions {
  database: Database
  blobs: BlobStore
  log: Log
  metrics?: Pick<PlatformMetrics, 'removalsWaiting'>
}

const everyMs = 15_000
const atOnce = 8
/** Whoever deletes a thing sees that its files are gone, unless the store takes its time. */
const patienceMs = 2_000
const mostPauseSeconds = 3600
/** A request to remove that never was answered has arrived after this, or never will. */
const lateSeconds = 3600

export function createRemovals({ database, blobs, log, metrics }: RemovalsOptions): Removals {
  const { db } = database
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> | null = null

  const removeOne = async (row: RemovalRow) => {
    try {
      if (!row.done) await (row.key.endsWith('/') ? blobs.removeAll(row.key) : blobs.remove(row.key))
      if (row.done || row.tries === 1) await forgetRemoval(db, row)
      else await postponeRemoval(db, row, { seconds: lateSeconds, done: true })
    } catch (fault) {
      const seconds = Math.min(mostPauseSeconds, 5 * 2 ** Math.min(row.tries, 12))
      log.warn({ key: row.key, tries: row.tries, seconds, reason: messageOf(fault) }, 'what nobody wants was left yet')
      await postponeRemoval(db, row, { seconds, done: false })
    }
  }
  const sweep = async () => {
    for (;;) {
      const rows = stopping.signal.aborted ? [] : await leaseRemovals(db, atOnce)
      if (rows.length === 0) return
      await Promise.all(rows.map(removeOne))
    }
  }
  const quietly = (work: Promise<void>) =>
    work.catch(fault => log.warn({ reason: messageOf(fault) }, 'what nobody wants was not removed'))
  const run = () => {
    const sweepAndCount = async () => {
      await sweep()
      metrics?.removalsWaiting.set((await countWaiting(db)).count)
    }
    sweeping ??= quietly(sweepAndCount()).finally(() => {
      sweeping = null
    })
  }

  return {
    note: noteRemovals,
    async now(keys) {
      if (keys.length === 0) return
      const removing = async () => {
        await Promise.all((await leaseRemovals(db, keys.length, keys)).map(removeOne))
      }
      await waitAtMost(patienceMs, quietly(removing()))
    },
    drain: sweep,
    waiting: () => countWaiting(db),
    async start() {
      if (database.kind === 'embedded') await endLeases(db)
      run()
      timer = setInterval(run, everyMs)
    },
    async stop() {
      stopping.abort()
      clearInterval(timer)
      // What is under way then is noted, and the next server goes on.
      await waitAtMost(patienceMs, sweeping)
    },
  }
}
