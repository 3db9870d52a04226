import { PGlite } from '@electric-sql/pglite'

/** Log that is kept for reuse after a checkpoint: what lies there is copied with each snapshot. */
const logSizes = ['-c', 'min_wal_size=32MB', '-c', 'max_wal_size=64MB']

/**
 * PostgreSQL keeps 128 MiB for pages of the database. Asked for in one way, PGlite fills all of it with zeros, and the
 * machine has to find that memory at each start; asked for in the other, it is found as pages are read.
 */
const memoryAsUsed = ['-c', 'shared_memory_type=sysv']

/** How PostgreSQL is started. PGlite's own list has `-F` in it, which turns every sync off. */
export function startParameters({ sync }: { sync: boolean }): string[] {
  if (!sync) return [...PGlite.defaultStartParams, ...logSizes, ...memoryAsUsed]
  return [
    ...PGlite.defaultStartParams.filter(parameter => parameter !== '-F'),
    ...logSizes,
    ...memoryAsUsed,
    // Of the ways to sync, this is the one that is more than a promise here: Emscripten's fdatasync does nothing.
    ...['-c', 'wal_sync_method=fsync'],
    // A hint to begin writing early. Here it would read each page again, and write it again.
    ...['-c', 'checkpoint_flush_after=0'],
  ]
}
