import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { PostgresJsDatabase, PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import type { Sql } from 'postgres'

export type Db = PostgresJsDatabase
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]
/** Either: what a query needs. */
export type Queryable = PgDatabase<PostgresJsQueryResultHKT>

export interface Database {
  kind: 'embedded' | 'postgres'
  /** Never used inside the body of a transaction: there, `tx` is. It throws at once if it is. */
  db: Db
  sql: Sql
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Where pg-boss may open its own pool; null when everything must go through `sql` (embedded). */
  connectionString: string | null
  stop(): Promise<void>
}
