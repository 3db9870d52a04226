/** The database: one driver for the embedded PostgreSQL and for a server. */

export { DatabaseAway } from './away.ts'
export type { Database, Db, Queryable, Tx } from './database.ts'
export type { Hearing, LoneLink } from './link.ts'
export { type DatabaseOptions, openDatabase } from './open.ts'
export { nameText, runPrepared, runText } from './prepared.ts'
