import type { Runner } from '../link.ts'

const everyMs = 10_000
/** What has to be gone through again after a crash: the next start takes longer the more it is. */
const mostBytes = 64 * 1024 * 1024

/**
 * A PostgreSQL without its background processes makes a checkpoint when it is stopped, and never before: its log would
 * grow for as long as the server runs. So it is told to, by the one connection, when enough was written.
 */
export function keepCheckpoints(runner: Runner): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve()
  const look = async () => {
    const { rows } = await runner.query({
      text: 'select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()',
    })
    if (rows[0]?.bytes > mostBytes) await runner.query({ text: 'checkpoint' })
  }
  const timer = setInterval(() => {
    // While the database is away there is nothing to be done, and others say so.
    running = running.then(look).catch(() => {})
  }, everyMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
