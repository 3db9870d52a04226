import { PGlite } from '@electric-sql/pglite'

/** How PostgreSQL is started. PGlite's own list has `-F` in it, which turns every sync off. */
export function startParameters({ sync }: { sync: boolean }): string[] {
  if (!sync) return PGlite.defaultStartParams
  return [
    ...PGlite.defaultStartParams.filter(parameter => parameter !== '-F'),
    // Of the ways to sync, this is the one that is more than a promise here: Emscripten's fdatasync does nothing.
    ...['-c', 'wal_sync_method=fsync'],
    // A hint to begin writing early. Here it would read each page again, and write it again.
    ...['-c', 'checkpoint_flush_after=0'],
  ]
}
