import { PgBoss } from 'pg-boss'
import { type Database, runText } from '../db/index.ts'
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

const throughOneConnection = ({ db }: Database) => ({
  executeSql: async (text: string, values: unknown[] = []) => ({ rows: await runText(db, text, values) }),
})
