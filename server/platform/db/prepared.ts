import type { PostgresJsSession } from 'drizzle-orm/postgres-js'
import type { Sql } from 'postgres'
import type { Tx } from './database.ts'

/**
 * Runs a statement that is parsed and planned once a connection, not every time: for the few that run all the time it
 * saves a third of their cost. `text` is a constant of the code, for a connection never forgets one. JSON goes in as
 * `$1::text::jsonb`.
 */
export async function runPrepared<Row>(by: Tx | Sql, text: string, parameters: string[]): Promise<Row[]> {
  // Drizzle has no way to ask postgres.js for a named statement, so its transaction's own client is asked.
  const client = 'unsafe' in by ? by : (by._.session as unknown as PostgresJsSession<Sql, never, never>).client
  const rows = await client.unsafe(text, parameters, { prepare: true })
  return rows as unknown as Row[]
}
