/** The database: one driver for the embedded PostgreSQL and for a server. */
export type { Database, Db, Queryable, Tx } from './database.ts'
export { type DatabaseOptions, openDatabase } from './open.ts'
export { runPrepared } from './prepared.ts'
