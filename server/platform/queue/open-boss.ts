import { PgBoss } from 'pg-boss'
import type { Database } from '../db/index.ts'
import type { Log } from '../log.ts'

const timing = { superviseIntervalSeconds: 10, monitorIntervalSeconds: 60, maintenanceIntervalSeconds: 600 }

/** pg-boss on the database that is there: on a server with a pool of its own and NOTIFY, on the embedded one through its only connection. */
export function openBoss(database: Database, log: Log): PgBoss {
  const boss =
    database.connectionString === null
      ? new PgBoss({
          ...timing,
          backend: 'pglite',
          db: throughOneConnection(database),
          schedule: false,
          reindex: false,
          monitorVacuum: false,
        })
      : new PgBoss({
          ...timing,
          connectionString: database.connectionString,
          max: 4,
          useListenNotify: true,
          schedule: false,
        })
  boss.on('error', fault => log.warn({ reason: fault.message }, 'queue'))
  return boss
}

/** A text of several statements comes back from postgres.js as several results: pg-boss wants the last that holds rows. */
const throughOneConnection = ({ sql }: Database) => ({
  async executeSql(text: string, values?: unknown[]) {
    const result: unknown = await sql.unsafe(text, values?.map(asParameter) as never[])
    const several = Array.isArray(result) && result.length > 0 && result.every(Array.isArray)
    return { rows: several ? ((result as unknown[][]).findLast(rows => rows.length > 0) ?? []) : (result as unknown[]) }
  },
})

/** Drizzle lets JSON parameters pass as they are, so they have to be text here already. */
const asParameter = (value: unknown): unknown =>
  value !== null &&
  typeof value === 'object' &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !Buffer.isBuffer(value)
    ? JSON.stringify(value)
    : value
