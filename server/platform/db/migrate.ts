import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator'
import type { Sql } from 'postgres'

const migrationsFolder = fileURLToPath(new URL('../../../drizzle', import.meta.url))
/** Any number that only Rushes uses: servers that start at once take turns. */
const migrationLock = 7_239_114_025

/** Brings the schema up to date. `sql` has one connection: the lock belongs to a session. */
export async function migrate(sql: Sql): Promise<void> {
  await sql`select pg_advisory_lock(${migrationLock})`
  try {
    await runMigrations(drizzle(sql), { migrationsFolder })
  } finally {
    await sql`select pg_advisory_unlock(${migrationLock})`
  }
}
