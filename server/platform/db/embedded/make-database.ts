import fs from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { dataDir as preparedDatabase } from '@electric-sql/pglite-prepopulatedfs'
import { removeStaleClaim } from './folder.ts'
import { syncFolder, syncPath } from './sync-folder.ts'
import { unpackTar } from './unpack-tar.ts'

/**
 * Makes an empty database, from one that PGlite's own makers have prepared: making it anew takes twenty times as long, and
 * a second PostgreSQL's memory. It is made beside and appears whole, on the disk, or not at all.
 */
export async function makeDatabase(directory: string): Promise<void> {
  const making = `${directory}.making`
  fs.rmSync(making, { recursive: true, force: true })
  fs.mkdirSync(making, { mode: 0o700 })
  const prepared = await preparedDatabase()
  unpackTar(await promisify(gunzip)(await prepared.arrayBuffer()), making)
  // They packed theirs while it was open.
  removeStaleClaim(making)
  // All of it is synced at the end, so it need not be while it is made.
  await syncFolder(making)
  fs.renameSync(making, directory)
  await syncPath(dirname(directory))
}
