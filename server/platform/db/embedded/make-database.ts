import fs from 'node:fs'
import { dirname } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { syncFolder, syncPath } from './sync-folder.ts'

/** Makes an empty database. It is made beside and appears whole, on the disk, or not at all. */
export async function makeDatabase(directory: string): Promise<void> {
  const making = `${directory}.making`
  fs.rmSync(making, { recursive: true, force: true })
  fs.mkdirSync(making, { mode: 0o700 })
  // All of it is synced at the end, so it need not be while it is made.
  const database = await PGlite.create(making)
  await database.close()
  await syncFolder(making)
  fs.renameSync(making, directory)
  await syncPath(dirname(directory))
}
