import { fileURLToPath } from 'node:url'
import type { Runner } from './link.ts'
import { runMigrations } from './session.ts'

const migrationsFolder = fileURLToPath(new URL('../../../drizzle', import.meta.url))
/** Any number that only Rushes uses: servers that start at once take turns. */
const migrationLock = 7_239_114_025

/** Brings the schema up to date. `held` is one connection: the lock belongs to a session. */
export async function migrate(held: Runner): Promise<void> {
  await held.query({ text: 'select pg_advisory_lock($1)', values: [migrationLock] })
  try {
    await runMigrations(held, migrationsFolder)
  } finally {
    // Where the connection broke, the lock went with it.
    await held.query({ text: 'select pg_advisory_unlock($1)', values: [migrationLock] }).catch(() => {})
  }
}
