import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { messageOf, StartError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { copyFolder } from './copy-folder.ts'
import { createSnapshots, type Snapshot, type SnapshotReason } from './snapshots.ts'
import { isUpgrade, versionsOf } from './versions.ts'

export interface SnapshotPlan {
  /** 0: none are taken. */
  kept: number
  everyHours: number
}

export interface KeptSnapshots {
  /** Of the database's folder, while nobody has it open; none when there is no upgrade. */
  takeBeforeUpgrade(): Promise<void>
  /**
   * From now on, whenever one is due. `copy` copies the folder of the running database: one that doesn't open would push
   * out, start by start, those that do.
   */
  takeWhenDue(copy: (to: string) => Promise<void>): void
  newest(): Snapshot | undefined
  /** When the newest was taken, as far as is known; never throws. */
  lastTaken(): Date | undefined
  stop(): Promise<void>
}

const hourMs = 3_600_000
const lookEveryMs = 600_000

export function keepSnapshots(dataDirectory: string, { kept, everyHours }: SnapshotPlan, log: Log): KeptSnapshots {
  const directory = join(dataDirectory, 'database')
  const snapshots = createSnapshots(dataDirectory, { kept })
  const newest = () => snapshots.list()[0]
  let taking: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let lastKnown: Date | undefined

  const isDue = () => {
    const last = newest()?.takenAt ?? new Date(versionsOf(directory)?.since ?? Date.now())
    return Date.now() - last.getTime() >= everyHours * hourMs
  }
  /** A start that failed after its snapshot is tried again: the same once more would push out the older ones. */
  const isTakenAlready = () => {
    const last = newest()
    const ofLast = last && versionsOf(join(snapshots.folder, last.name))
    return last?.why === 'upgrade' && isDeepStrictEqual(ofLast, versionsOf(directory))
  }
  const take = async (why: SnapshotReason, copy: (to: string) => void | Promise<void>) => {
    const beganMs = performance.now()
    const { name } = await snapshots.take(why, copy)
    log.info({ name, tookMs: Math.round(performance.now() - beganMs) }, 'a snapshot of the database was taken')
  }
  /** Never rejects: nobody waits for it, and an unheard fault would end the server. */
  const takeIfDue = async (copy: (to: string) => void | Promise<void>) => {
    try {
      if (isDue()) await take('daily', copy)
    } catch (fault) {
      log.error({ reason: messageOf(fault) }, 'no snapshot of the database')
    }
  }

  return {
    newest,
    lastTaken() {
      try {
        lastKnown = newest()?.takenAt
      } catch {
        // What was known stays true; the next snapshot says in the log what is wrong.
      }
      return lastKnown
    },
    async takeBeforeUpgrade() {
      if (kept === 0 || !isUpgrade(versionsOf(directory))) return
      try {
        if (!isTakenAlready()) await take('upgrade', to => copyFolder(directory, to))
      } catch (cause) {
        const way = 'Make space, or set DATABASE_SNAPSHOTS=0 to go on without one.'
        throw new StartError(`Before an upgrade a snapshot is taken, and it failed: ${messageOf(cause)}. ${way}`, {
          cause,
        })
      }
    },
    takeWhenDue(copy) {
      if (kept === 0) return
      const look = () => {
        taking = taking.then(() => takeIfDue(copy))
      }
      look()
      timer = setInterval(look, lookEveryMs).unref()
    },
    async stop() {
      clearInterval(timer)
      await taking
    },
  }
}
