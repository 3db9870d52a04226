import { DrizzleQueryError } from 'drizzle-orm/errors'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { NodePgSession } from 'drizzle-orm/node-postgres'
import {
  PgDatabase,
  PgDialect,
  type PgPreparedQuery,
  PgTransaction,
  type PreparedQueryConfig,
} from 'drizzle-orm/pg-core'
import type { Client, QueryResult } from 'pg'
import { AppError } from '../errors.ts'
import type { Db, RowsKind, Tx } from './database.ts'
import type { Runner } from './link.ts'

type Nothing = Record<string, never>

/**
 * Drizzle as it is for pg, but for three things: a statement that is written out answers with its rows; what a person
 * can act on stays as it was thrown; transactions are begun and ended by ./connections.ts.
 */
class Session extends NodePgSession<Nothing, Nothing> {
  constructor(runner: Runner) {
    // Drizzle asks nothing of a client but `query`.
    super(runner as unknown as Client, dialect, undefined)
  }
  override prepareQuery<T extends PreparedQueryConfig>(
    ...[statement, fields, name, inArrays, mapper]: Parameters<NodePgSession<Nothing, Nothing>['prepareQuery']>
  ): PgPreparedQuery<T> {
    const query = super.prepareQuery<T>(statement, fields, name, inArrays, mapper)
    const execute = query.execute.bind(query)
    query.execute = async values => {
      try {
        const answer = await execute(values)
        return fields || mapper ? answer : rowsOf(answer as QueryResult)
      } catch (fault) {
        throw bare(fault)
      }
    }
    return query
  }
}

const dialect = new PgDialect()

const bare = (fault: unknown): unknown =>
  fault instanceof DrizzleQueryError && fault.cause instanceof AppError ? fault.cause : fault

/** Of several statements in one text, the last that has rows. */
const rowsOf = (answer: QueryResult | QueryResult[]): unknown[] =>
  Array.isArray(answer) ? (answer.findLast(each => each.rows.length > 0)?.rows ?? []) : answer.rows

class Transaction extends PgTransaction<RowsKind> {
  /** A savepoint: what fails undoes itself alone. */
  override async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const depth = this.nestedIndex + 1
    await this.execute(`savepoint s${depth}`)
    try {
      const result = await work(new Transaction(dialect, this._.session, undefined, depth))
      await this.execute(`release savepoint s${depth}`)
      return result
    } catch (fault) {
      await this.execute(`rollback to savepoint s${depth}`)
      throw fault
    }
  }
}

export const createDb = (runner: Runner): Db => new PgDatabase<RowsKind>(dialect, new Session(runner), undefined)

export const createTransaction = (held: Runner): Tx => new Transaction(dialect, new Session(held), undefined)

/** Drizzle's own migrator, on one connection. */
export const runMigrations = (held: Runner, migrationsFolder: string): Promise<void> =>
  dialect.migrate(readMigrationFiles({ migrationsFolder }), new Session(held), { migrationsFolder }).catch(fault => {
    throw bare(fault)
  })
