import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from '../errors.ts'

/**
 * Holds a data directory for one process. SQLite is here for its lock alone: the operating system lets go of it when
 * the process dies, however it dies, which no lock file with a process id in it can promise.
 */
export function lockDirectory(directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true })
  const lock = new DatabaseSync(join(directory, 'rushes.lock'))
  try {
    lock.exec('pragma busy_timeout = 0; pragma journal_mode = memory; begin exclusive')
  } catch (cause) {
    lock.close()
    const message = `The data directory ${directory} is in use by another Rushes process. Stop that one, give this one another DATA_DIR, or set DATABASE_URL: a PostgreSQL server may be shared.`
    throw new StartError(message, { cause })
  }
  return { release: () => lock.close() }
}
