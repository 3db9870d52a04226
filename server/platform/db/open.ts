import type { ClientConfig } from 'pg'
import type { Log } from '../log.ts'
import { type Connections, createConnections } from './connections.ts'
import type { Database } from './database.ts'
import { lockDirectory } from './directory-lock.ts'
import type { SnapshotPlan } from './embedded/keep-snapshots.ts'
import { openEmbedded } from './embedded.ts'
import { openLoneLink } from './link.ts'
import { migrate } from './migrate.ts'
import { createDb, createTransaction } from './session.ts'
import { createTransactionGuard } from './transaction-guard.ts'
import { waitFor } from './wait-for.ts'

export interface DatabaseOptions {
  /** A PostgreSQL server (15 or newer, with pgvector); null for the embedded one in `dataDirectory`. */
  url: string | null
  dataDirectory: string
  /** Connections to a PostgreSQL server. */
  poolSize: number
  log: Log
  /** How long a PostgreSQL server that does not answer is waited for; 0 if not given. */
  waitSeconds?: number
  /** How long a statement may take on a PostgreSQL server; 30 s if not given. */
  statementTimeoutMs?: number
  /** Whether what the embedded one acknowledged is on the disk, where no power cut reaches it. Unless said, it is. */
  sync?: boolean
  /** Copies of the embedded one that are taken by themselves; three, and one a day, if not given. */
  snapshots?: SnapshotPlan
}

/** Opens the database and brings its schema up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.url === null ? openEmbeddedDatabase(options) : openServerDatabase(options.url, options)
}

async function openEmbeddedDatabase(options: DatabaseOptions): Promise<Database> {
  const { dataDirectory, log, sync = true, snapshots = { kept: 3, everyHours: 24 } } = options
  await using opened = new AsyncDisposableStack()
  opened.adopt(lockDirectory(dataDirectory), lock => lock.release())
  const embedded = opened.adopt(await openEmbedded({ dataDirectory, sync, snapshots, log }), it => it.stop())
  await embedded.connections.hold(migrate)
  await embedded.upgraded()
  const running = opened.move()
  return {
    ...{ kind: 'embedded', connect: null },
    ...{ onRestarted: embedded.onRestarted, lost: embedded.lost },
    ...{ lastSnapshot: embedded.lastSnapshot, putBack: embedded.putBack },
    stop: () => running.disposeAsync(),
    ...attach(embedded.connections),
  }
}

/** How long the making of a connection may take, and the wait for a free one. */
const connectMs = 10_000
/** The database itself says that a statement took too long; when it says nothing for this much longer, it is gone. */
const silence = 1.2

async function openServerDatabase(url: string, options: DatabaseOptions): Promise<Database> {
  const { log, poolSize: max, waitSeconds = 0, statementTimeoutMs = 30_000 } = options
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'rushes',
    connectionTimeoutMillis: connectMs,
  }
  await waitFor({ waitSeconds, log }, async () => {
    const link = await openLoneLink(config)
    await migrate(link).finally(link.stop)
  })
  const connections = createConnections({
    ...{ ...config, max, log, idleTimeoutMillis: 0, maxLifetimeSeconds: 3600 },
    query_timeout: silence * statementTimeoutMs,
    // Not in the start-up packet, which not every pooler in between lets pass.
    greeting: `set statement_timeout = ${statementTimeoutMs}; set idle_in_transaction_session_timeout = ${2 * statementTimeoutMs}`,
  })
  return {
    kind: 'postgres',
    connect: hearing => openLoneLink(config, hearing),
    ...{ onRestarted: () => {}, lost: new Promise(() => {}), lastSnapshot: null, putBack: null },
    stop: connections.stop,
    ...attach(connections),
  }
}

function attach(connections: Connections): Pick<Database, 'db' | 'transaction'> {
  const { guard, refuseInside, inside } = createTransactionGuard()
  return {
    db: guard(createDb(connections)),
    async transaction(work) {
      refuseInside()
      return connections.transaction(held => inside(() => work(createTransaction(held))))
    },
  }
}
