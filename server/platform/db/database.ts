import type { PgDatabase, PgQueryResultHKT, PgTransaction } from 'drizzle-orm/pg-core'
import type { PutBack } from './embedded/put-back.ts'
import type { Hearing, LoneLink } from './link.ts'

/** What a statement that is written out answers with: its rows. */
export interface RowsKind extends PgQueryResultHKT {
  type: this['row'][]
}
export type Db = PgDatabase<RowsKind>
export type Tx = PgTransaction<RowsKind>
/** Either: what a query needs. */
export type Queryable = PgDatabase<RowsKind>

export interface Database {
  kind: 'embedded' | 'postgres'
  /** Never used inside the body of a transaction: there, `tx` is. It throws at once if it is. */
  db: Db
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Opens a connection beside the pool; null when there can't be a second one (embedded). */
  connect: ((hearing?: Hearing) => Promise<LoneLink>) | null
  /** Called when it was started again (embedded): the last that it committed may not have been heard of. */
  onRestarted(listener: () => void): void
  /** Resolves when the database is gone for good (embedded): without it there is nothing that a server can do. */
  lost: Promise<Error>
  /** When the newest snapshot was taken, if one was; null where others see to that. */
  lastSnapshot: (() => Date | undefined) | null
  /** Whether it is as a snapshot was; null where nobody could tell. */
  putBack: PutBack | null
  stop(): Promise<void>
}
