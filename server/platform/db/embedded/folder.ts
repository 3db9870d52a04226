import fs from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../../errors.ts'

/** The major version of the PostgreSQL that PGlite brings. */
const postgresMajor = '18'
/** Without one of these PostgreSQL doesn't open a folder, and PGlite would make a new database over it. */
const indispensable = ['PG_VERSION', 'global/pg_control', 'base', 'pg_wal', 'pg_xact', 'postgresql.conf', 'pg_hba.conf']

/** Whether a database is there. Throws a `StartError` for anything that is there and isn't one that we can open. */
export function holdsDatabase(directory: string): boolean {
  const isThere = (name: string) => fs.existsSync(join(directory, name))
  if (!fs.existsSync(directory) || fs.readdirSync(directory).length === 0) return false
  const missing = indispensable.filter(name => !isThere(name))
  if (missing.length > 0) throw new StartError(`${directory} holds no whole database: ${missing.join(', ')} missing.`)
  const version = fs.readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim()
  if (version !== postgresMajor)
    throw new StartError(
      `The database in ${directory} was made by PostgreSQL ${JSON.stringify(version)}, and this is ${postgresMajor}.`,
    )
  return true
}

/**
 * PostgreSQL takes this file for a sign that another one works on the folder, and one that was torn by a power cut for a
 * reason not to start. Our lock on the data directory is better than that, so the file is only in the way.
 */
export const removeStaleClaim = (directory: string): void =>
  fs.rmSync(join(directory, 'postmaster.pid'), { force: true })
