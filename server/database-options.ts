import type { Config } from './config.ts'
import type { DatabaseOptions } from './platform/db/index.ts'
import type { Log } from './platform/log.ts'

/** What the configuration says of the database, to whoever opens it. */
export const databaseOptions = (config: Config, log: Log): DatabaseOptions => ({
  url: config.DATABASE_URL ?? null,
  dataDirectory: config.DATA_DIR,
  poolSize: config.DATABASE_POOL_SIZE,
  sync: config.DATABASE_SYNC,
  snapshots: { kept: config.DATABASE_SNAPSHOTS, everyHours: config.DATABASE_SNAPSHOT_HOURS },
  waitSeconds: config.DATABASE_WAIT_SECONDS,
  log,
})

/** For a command: it is there for a moment, and leaves the daily snapshots to the server. Before an upgrade it takes one. */
export const databaseOptionsOfCommand = (config: Config, log: Log): DatabaseOptions => ({
  ...databaseOptions(config, log),
  poolSize: 2,
  snapshots: { kept: config.DATABASE_SNAPSHOTS, everyHours: Number.POSITIVE_INFINITY },
})
