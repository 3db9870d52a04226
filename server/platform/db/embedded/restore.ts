import fs from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../../errors.ts'
import { lockDirectory } from '../directory-lock.ts'
import { copyFolder } from './copy-folder.ts'
import { markPutBack } from './put-back.ts'
import { createSnapshots } from './snapshots.ts'
import { syncFolder, syncPath } from './sync-folder.ts'

const databaseOf = (dataDirectory: string) => join(dataDirectory, 'database')
/** A whole copy that is to be the database. */
const restoredOf = (dataDirectory: string) => join(dataDirectory, 'database.restored')

/**
 * Puts a copy of a snapshot in the place of the database, which is set aside. Returns where it lies now; null when there
 * was none. Refuses while a server runs.
 */
export async function restoreSnapshot(dataDirectory: string, name: string): Promise<string | null> {
  const lock = lockDirectory(dataDirectory)
  try {
    const snapshots = createSnapshots(dataDirectory, { kept: 0 })
    if (!snapshots.list().some(snapshot => snapshot.name === name))
      throw new StartError(`There is no snapshot ${name}. \`npm run rushes -- database snapshots\` lists them.`)
    const restored = restoredOf(dataDirectory)
    fs.rmSync(restored, { recursive: true, force: true })
    const making = `${restored}.making`
    fs.rmSync(making, { recursive: true, force: true })
    copyFolder(join(snapshots.folder, name), making)
    markPutBack(making)
    await syncFolder(making)
    fs.renameSync(making, restored)
    await syncPath(dataDirectory)
    const aside = await setAside(dataDirectory)
    await finishRestore(dataDirectory)
    return aside
  } finally {
    lock.release()
  }
}

async function setAside(dataDirectory: string): Promise<string | null> {
  const database = databaseOf(dataDirectory)
  if (!fs.existsSync(database)) return null
  const aside = `${database}.aside-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z`
  fs.renameSync(database, aside)
  await syncPath(dataDirectory)
  return aside
}

/** What a cut left between the two steps of a restoration is brought to its end: otherwise a new database would be made. */
export async function finishRestore(dataDirectory: string): Promise<void> {
  const [database, restored] = [databaseOf(dataDirectory), restoredOf(dataDirectory)]
  if (fs.existsSync(database) || !fs.existsSync(restored)) return
  fs.renameSync(restored, database)
  await syncPath(dataDirectory)
}
