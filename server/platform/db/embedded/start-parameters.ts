import { PGlite } from '@electric-sql/pglite'

/** Log that is kept for reuse after a checkpoint: what lies there is copied with each snapshot. */
const logSizes = ['-c', 'min_wal_size=32MB', '-c', 'max_wal_size=64MB']

/** How PostgreSQL is started. PGlite's own list has `-F` in it, which turns every sync off. */
export function startParameters({ sync }: { sync: boolean }): string[] {
  if (!sync) return [...PGlite.defaultStartParams, ...logSizes]
  return [
    ...PGlite.defaultStartParams.filter(parameter => parameter !== '-F'),
    ...logSizes,
    // Of the ways to sync, this is the one that is more than a promise here: Emscripten's fdatasync does nothing.
    ...['-c', 'wal_sync_method=fsync'],
    // A hint to begin writing early. Here it would read each page again, and write it again.
    ...['-c', 'checkpoint_flush_after=0'],
  ]
}
