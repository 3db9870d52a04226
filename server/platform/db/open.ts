import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres, { type Sql } from 'postgres'
import type { Database } from './database.ts'
import { lockDirectory } from './directory-lock.ts'
import { openEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { createTransactionGuard } from './transaction-guard.ts'

export interface DatabaseOptions {
  /** A PostgreSQL server (15 or newer, with pgvector); null for the embedded one in `dataDirectory`. */
  url: string | null
  dataDirectory: string
  /** Connections to a PostgreSQL server. */
  poolSize: number
  /** Whether what the embedded one acknowledged is on the disk, where no power cut reaches it. Unless said, it is. */
  sync?: boolean
}

/** Opens the database and brings its schema up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.url === null
    ? openEmbeddedDatabase(options)
    : openServerDatabase(options.url, options.poolSize)
}

async function openEmbeddedDatabase({ dataDirectory, sync = true }: DatabaseOptions): Promise<Database> {
  const lock = lockDirectory(dataDirectory)
  try {
    const embedded = await openEmbedded(join(dataDirectory, 'database'), { sync })
    await migrate(embedded.sql)
    const stop = async () => {
      await embedded.stop()
      lock.release()
    }
    return { kind: 'embedded', connectionString: null, stop, ...attach(embedded.sql) }
  } catch (fault) {
    lock.release()
    throw fault
  }
}

async function openServerDatabase(url: string, poolSize: number): Promise<Database> {
  const migrating = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await migrate(migrating)
  } finally {
    await migrating.end({ timeout: 5 })
  }
  const sql = postgres(url, { max: poolSize, onnotice: () => {} })
  return { kind: 'postgres', connectionString: url, stop: () => sql.end({ timeout: 5 }), ...attach(sql) }
}

/** Drizzle makes JSON parameters pass through postgres.js untouched: it must be attached before anyone else uses it. */
function attach(bare: Sql): Pick<Database, 'db' | 'sql' | 'transaction'> {
  const { guard, guardDrizzle, inside } = createTransactionGuard()
  const sql = guard(bare)
  const db = drizzle(sql)
  return { db: guardDrizzle(db), sql, transaction: work => guardDrizzle(db).transaction(tx => inside(() => work(tx))) }
}
