import { type ConstructorOptions, PgBoss, type Db as QueueDb } from 'pg-boss'
import { type Database, runText } from '../db/index.ts'
import type { Log } from '../log.ts'
import { listenOn } from './listen.ts'

const timing = { superviseIntervalSeconds: 10, monitorIntervalSeconds: 60, maintenanceIntervalSeconds: 600 }

/** pg-boss on the connections that all use. On a server it is told of new jobs; the embedded one has no connection left for that. */
export function openBoss(database: Database, log: Log): PgBoss {
  const backend: ConstructorOptions =
    database.kind === 'embedded'
      ? { backend: 'pglite', reindex: false, monitorVacuum: false }
      : { useListenNotify: true }
  const boss = new PgBoss({ ...timing, ...backend, schedule: false, db: through(database) })
  boss.on('error', fault => {
    // That the database is away is said once for all.
    if (!isAway(fault)) log.warn({ reason: fault.message }, 'queue')
  })
  return boss
}

const through = ({ db, connect }: Database): QueueDb => ({
  executeSql: async (text, values = []) => ({ rows: await runText(db, text, values) }),
  ...(connect && { listen: (channel, heard, caughtUp) => listenOn(connect, { channel, heard, caughtUp }) }),
})

/** pg-boss hands on copies. */
const isAway = (fault: Error): boolean => 'code' in fault && fault.code === 'database.unavailable'
