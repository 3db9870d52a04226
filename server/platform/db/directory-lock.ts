import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from '../errors.ts'

/**
 * Holds a data directory for one process. SQLite is here for its lock alone: the operating system lets go of it when
 * the process dies, however it dies, which no lock file with a process id in it can promise.
 */
export function lockDirectory(directory: string): { release(): void } {
  const lock = openLock(directory)
  try {
    lock.exec('pragma busy_timeout = 0; pragma journal_mode = memory; begin exclusive')
  } catch (cause) {
    lock.close()
    const message = `The data directory ${directory} is in use by another Rushes process. Stop that one, give this one another DATA_DIR, or set DATABASE_URL: a PostgreSQL server may be shared.`
    throw new StartError(message, { cause })
  }
  return { release: () => lock.close() }
}

function openLock(directory: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK)
    return new DatabaseSync(join(directory, 'rushes.lock'))
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    const way = 'Set DATA_DIR to a folder that this user may write to.'
    throw new StartError(`The data directory ${directory} ${troubles[code] ?? `can't be used: ${message}`}. ${way}`, {
      cause,
    })
  }
}

const notWritable = "can't be written by this user"
const inTheWay = 'is no folder, or lies below something that is none'
const troubles: Record<string, string> = {
  ...{ EACCES: notWritable, EPERM: notWritable, EROFS: notWritable },
  ...{ EEXIST: inTheWay, ENOTDIR: inTheWay },
  ENOSPC: "can't be made: its disk is full",
}
