import fs from 'node:fs'
import { join } from 'node:path'
import { sizeOf } from './copy-folder.ts'
import { syncFolder, syncPath } from './sync-folder.ts'

/** A whole copy of the database's folder, as it was at one instant. */
export interface Snapshot {
  name: string
  takenAt: Date
  why: SnapshotReason
}
export type SnapshotReason = 'daily' | 'upgrade'

export interface Snapshots {
  folder: string
  /** Newest first. */
  list(): Snapshot[]
  /** `copy` makes the copy. It is made beside, appears whole and on the disk, and the oldest goes. */
  take(why: SnapshotReason, copy: (to: string) => void | Promise<void>): Promise<Snapshot>
}

/** `kept` at most are kept, the newest before an upgrade among them. */
export function createSnapshots(dataDirectory: string, { kept }: { kept: number }): Snapshots {
  const folder = join(dataDirectory, 'snapshots')
  const list = () => (fs.existsSync(folder) ? fs.readdirSync(folder).flatMap(readName).sort(byAge) : [])

  function removeOldest(): void {
    const all = list()
    const lastUpgrade = all.find(({ why }) => why === 'upgrade')
    const worth = [...new Set([lastUpgrade, ...all])].slice(0, kept + (lastUpgrade ? 0 : 1))
    for (const snapshot of all)
      if (!worth.includes(snapshot)) fs.rmSync(join(folder, snapshot.name), { recursive: true, force: true })
  }
  return {
    folder,
    list,
    async take(why, copy) {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
      const takenAt = new Date(Math.floor(Date.now() / 1000) * 1000)
      const name = `${takenAt.toISOString().slice(0, 19).replaceAll(':', '-')}Z-${why}`
      const making = join(folder, '.making')
      fs.rmSync(making, { recursive: true, force: true })
      try {
        await copy(making)
        await syncFolder(making)
        fs.renameSync(making, join(folder, name))
        await syncPath(folder)
      } catch (fault) {
        fs.rmSync(making, { recursive: true, force: true })
        throw fault
      }
      removeOldest()
      return { name, takenAt, why }
    },
  }
}

/** Those of a data directory, newest first, with what they take where the file system does not share their bytes. */
export const listSnapshots = (dataDirectory: string): (Snapshot & { sizeBytes: number })[] => {
  const { folder, list } = createSnapshots(dataDirectory, { kept: 0 })
  return list().map(snapshot => ({ ...snapshot, sizeBytes: sizeOf(join(folder, snapshot.name)) }))
}

const byAge = (a: Snapshot, b: Snapshot) => b.takenAt.getTime() - a.takenAt.getTime()

/** Anything else that lies there is not ours. */
function readName(name: string): Snapshot[] {
  const [, day, hour, minute, second, why] =
    /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-(daily|upgrade)$/.exec(name) ?? []
  if (why === undefined) return []
  return [{ name, takenAt: new Date(`${day}T${hour}:${minute}:${second}Z`), why: why as SnapshotReason }]
}
