import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { messageOf, StartError } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Connections, createConnections } from './connections.ts'
import { keepCheckpoints } from './embedded/checkpoints.ts'
import { holdsDatabase, removeStaleClaim } from './embedded/folder.ts'
import { type KeptSnapshots, keepSnapshots, type SnapshotPlan } from './embedded/keep-snapshots.ts'
import { keepThread } from './embedded/keep-thread.ts'
import { type PutBack, putBackOf } from './embedded/put-back.ts'
import { finishRestore } from './embedded/restore.ts'
import { startThread } from './embedded/thread.ts'
import { noteVersions, refuseNewer } from './embedded/versions.ts'

export interface EmbeddedOptions {
  dataDirectory: string
  /** Whether what is acknowledged is on the disk. */
  sync: boolean
  snapshots: SnapshotPlan
  log: Log
}

export interface Embedded {
  connections: Connections
  onRestarted(listener: () => void): void
  /** Resolves when the database ended and does not start again. */
  lost: Promise<Error>
  lastSnapshot: () => Date | undefined
  putBack: PutBack
  /** Copies its folder as it is at one instant, while others write. */
  copyTo(directory: string): Promise<void>
  /** To be called when its schema is up to date. */
  upgraded(): Promise<void>
  stop(): Promise<void>
}

/**
 * PostgreSQL in WASM (PGlite) in a thread of its own, reached like any PostgreSQL through a unix socket. There is ONE
 * connection: with a second, the socket mixes up unnamed statements. It is never recycled either. A thread that ends is
 * started again, and the connection is made again when the next statement wants it.
 */
export async function openEmbedded({ dataDirectory, sync, snapshots: plan, log }: EmbeddedOptions): Promise<Embedded> {
  const directory = join(dataDirectory, 'database')
  const snapshots = keepSnapshots(dataDirectory, plan, log)
  await finishRestore(dataDirectory)
  const socketDirectory = await makeSocketDirectory(directory)
  const start = () => {
    removeStaleClaim(directory)
    return startThread({ directory, socketPath: join(socketDirectory, '.s.PGSQL.5432'), sync })
  }
  if (await explained(snapshots, async () => isThere(directory, snapshots))) await snapshots.takeBeforeUpgrade()
  const kept = await explained(snapshots, () => keepThread(start, log))
  const connections = createConnections({
    ...{ host: socketDirectory, port: 5432, user: 'postgres', database: 'postgres', ssl: false },
    ...{ max: 1, idleTimeoutMillis: 0, log },
    onBroken: fault => log.warn({ reason: fault.message }, 'the connection to the embedded database broke'),
  })
  const checkpoints = keepCheckpoints(connections)
  const copyTo = async (to: string) => {
    // Short is the time for which it holds still, and the log that the copy goes through when it is opened.
    await connections.query({ text: 'checkpoint' })
    await kept.current().order({ kind: 'copy', to })
  }
  snapshots.takeWhenDue(copyTo)
  return {
    connections,
    copyTo,
    ...{ onRestarted: kept.onRestarted, lost: kept.lost },
    lastSnapshot: snapshots.lastTaken,
    putBack: putBackOf(directory),
    upgraded: () => noteVersions(directory),
    async stop() {
      await Promise.all([checkpoints.stop(), snapshots.stop()])
      await connections.stop()
      await kept.stop()
      await rm(socketDirectory, { recursive: true, force: true })
    },
  }
}

/** Asked before anything is started: what isn't a database that we can open is left as it is. */
function isThere(directory: string, snapshots: KeptSnapshots): boolean {
  if (holdsDatabase(directory)) {
    refuseNewer(directory)
    return true
  }
  if (snapshots.newest()) throw new StartError(`There is no database in ${directory}, yet there are snapshots of it.`)
  return false
}

/** Says what can be done about a folder that does not open. */
async function explained<T>(snapshots: KeptSnapshots, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (cause) {
    const what =
      cause instanceof StartError ? cause.message : `The embedded database does not open: ${messageOf(cause)}.`
    throw new StartError(`${what} It is left where it is. ${wayBack(snapshots)}`, { cause })
  }
}

function wayBack(snapshots: KeptSnapshots): string {
  try {
    const name = snapshots.newest()?.name
    if (name === undefined) return 'There is no snapshot of it.'
    return `\`npm run rushes -- database restore ${name}\` brings back the newest snapshot, and sets aside what is there; \`npm run rushes -- database snapshots\` lists the older ones.`
  } catch (fault) {
    return `Whether there is a snapshot of it can't be read: ${messageOf(fault)}.`
  }
}

/**
 * A socket's path may have 107 bytes at most, so it can't lie in a data directory of any depth. Its name follows from the
 * data directory, which is locked by us: what a killed process left there is taken over.
 */
async function makeSocketDirectory(directory: string): Promise<string> {
  const name = createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 16)
  const socketDirectory = join(tmpdir(), `rushes-db-${name}`)
  await rm(socketDirectory, { recursive: true, force: true })
  await mkdir(socketDirectory, { mode: 0o700 })
  return socketDirectory
}
