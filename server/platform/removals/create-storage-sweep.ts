import type { Counter } from 'prom-client'
import type { BlobStore, Leftover } from '../blobs/index.ts'
import type { Database } from '../db/index.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { PlatformMetrics } from '../metrics.ts'
import type { Removals } from './create-removals.ts'
import { type Claimant, findUnnamed, type Unnamed, wantedOf } from './find-unnamed.ts'
import { ownerOf, takeNewName, takeTurn } from './owner-queries.ts'
import { waitAtMost } from './wait-at-most.ts'

export interface StorageSweepOptions {
  database: Database
  blobs: BlobStore
  removals: Pick<Removals, 'note' | 'drain'>
  claimants: readonly Claimant[]
  /** What lies beside the store, such as parts of files that are not whole yet. */
  beside: () => AsyncIterable<Leftover>
  /** Counts what is said to be used, and answers by how many bytes that was wrong. */
  recount: () => Promise<number>
  /** Looks how large those files are whose size nobody noted. */
  measure: () => Promise<void>
  log: Log
  metrics?: Pick<PlatformMetrics, 'unnamedFiles'> & { ledgerMended: Counter }
}
export interface Swept extends Unnamed {
  /** Why nothing was removed; null when it was. */
  left: string | null
}
export interface StorageSweep {
  /** What no record names; removed unless `dryRun`. `all`: also when it is a suspiciously large part of the store. */
  sweep(options?: { dryRun?: boolean; all?: boolean }): Promise<Swept>
  start(): void
  stop(): Promise<void>
}

const hourMs = 60 * 60_000
/** How often it is asked whether it is time, which costs one query and one request. */
const lookMs = hourMs / 4
const patienceMs = 2_000
/** What is younger may belong to somebody who is about to name it; clocks of servers and stores differ, too. */
const restMs = 12 * hourMs
/** More than this, and more than a tenth of all: then the records are wrong rather than the store. */
const suspicious = 50
const suspiciousShare = 0.1

/**
 * Removes what no record names: files that a crash left, drafts that never became blobs, parts that are gone on with no more.
 * It would rather leave too much: what is young, what has no shape of ours, and everything in a store that another
 * database uses as well.
 */
export function createStorageSweep(options: StorageSweepOptions): StorageSweep {
  const { database, blobs, removals, claimants, log, metrics } = options
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  /** Each database that uses the store leaves its name there. */
  const myName = async () => `owners/${await ownerOf(database.db)}`
  const ownersHere = async () => {
    const mine = await myName()
    const names: string[] = []
    for await (const { key } of blobs.list('owners/')) names.push(key)
    return { mine, isNamed: names.includes(mine), others: names.filter(name => name !== mine) }
  }
  /**
   * One that was put back to a snapshot is another one from then on: what came since is named by the one that it was, whose
   * name stays. Whoever goes back to that one finds the new name, and is as safe.
   */
  const becomeAnother = async () => {
    if (!database.putBack?.is()) return
    await writeName(blobs, await myName())
    await takeNewName(database.db)
    await writeName(blobs, await myName())
    await database.putBack.end()
  }
  const leaveName = async () => {
    await becomeAnother()
    const { mine, isNamed } = await ownersHere()
    if (!isNamed) await writeName(blobs, mine)
  }
  const objection = async ({ files, unnamed }: Unnamed, all: boolean): Promise<string | null> => {
    const { others } = await ownersHere()
    if (others.length > 0)
      return `Another database uses this store, or did, or this one did before a snapshot of it was restored: ${others.join(', ')}. If nothing that only that one names is wanted, remove that file from the store.`
    if (all || unnamed.length <= suspicious || unnamed.length <= files * suspiciousShare) return null
    return `${unnamed.length} of ${files} files are named by no record. Is this the right database? Look with --dry-run; --all removes them.`
  }
  const remove = async ({ unnamed, leftovers }: Unnamed) => {
    const keys = unnamed.map(({ key }) => key)
    for (let start = 0; start < keys.length; start += 500) {
      const some = keys.slice(start, start + 500)
      // Asked once more: the list may have taken hours.
      const wanted = await wantedOf(claimants, some)
      await database.transaction(tx =>
        removals.note(
          tx,
          some.filter(key => !wanted.has(key)),
        ),
      )
    }
    for (const leftover of leftovers) await leftover.remove()
    await removals.drain()
  }
  const sweep: StorageSweep['sweep'] = async ({ dryRun = false, all = false } = {}) => {
    await becomeAnother()
    const before = new Date(Date.now() - restMs)
    const found = await findUnnamed(blobs, claimants, before)
    for await (const leftover of options.beside()) if (leftover.modifiedAt < before) found.leftovers.push(leftover)
    const left = await objection(found, all)
    metrics?.unnamedFiles.set(found.unnamed.length)
    if (!dryRun && left === null) await remove(found)
    return { ...found, left }
  }
  const count = async () => {
    const wrong = await options.recount()
    if (wrong === 0) return
    metrics?.ledgerMended.inc(Math.abs(wrong))
    log.warn({ bytes: wrong }, 'what is used was told wrong, and is right again')
  }
  const whenDue = async () => {
    // Long before anything of ours is old enough to be swept by another database.
    await leaveName()
    if (!(await takeTurn(database.db))) return
    await count()
    await options.measure()
    const { files, unnamed, leftovers, left } = await sweep()
    const told = { files, unnamed: unnamed.length, leftovers: leftovers.length }
    if (left === null) log.info(told, 'the storage was swept')
    else log.warn({ ...told, reason: left }, 'the storage was not swept')
  }
  const run = () => {
    running = running
      .then(whenDue)
      .catch(fault => log.warn({ reason: messageOf(fault) }, 'the storage could not be swept'))
  }

  return {
    sweep,
    start() {
      timer = setInterval(run, lookMs)
    },
    async stop() {
      clearInterval(timer)
      await waitAtMost(patienceMs, running)
    },
  }
}

async function writeName(blobs: BlobStore, key: string): Promise<void> {
  const draft = await blobs.draft(key)
  try {
    draft.stream.end('This database keeps its files here.\n')
    await new Promise<void>((done, failed) => draft.stream.once('close', done).once('error', failed))
    await draft.commit()
  } finally {
    await draft.discard()
  }
}
