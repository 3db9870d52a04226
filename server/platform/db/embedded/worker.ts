import fs from 'node:fs'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { messageOf } from '../../errors.ts'
import { closeRefused } from './close-refused.ts'
import { copyFolder } from './copy-folder.ts'
import { createComplaints, endWhenBroken } from './end-when-broken.ts'
import { holdsDatabase } from './folder.ts'
import { giveFreshSessions } from './fresh-sessions.ts'
import { openHostFiles } from './host-files.ts'
import { makeDatabase } from './make-database.ts'
import { startParameters } from './start-parameters.ts'

/** What the thread is started with: where the database lies, and the unix socket that it answers on. */
export interface EmbeddedWorkerData {
  directory: string
  socketPath: string
  /** Whether what is acknowledged is on the disk. */
  sync: boolean
}
/** What it can be told to do: end, or hold still and copy its files. */
export type Order = { kind: 'stop' } | { kind: 'copy'; to: string }
export type FromThread = { say: 'ready' } | { say: 'broken'; reason: string }

const { directory, socketPath, sync } = workerData as EmbeddedWorkerData
const say = (message: FromThread) => parentPort?.postMessage(message)
const complaints = createComplaints()

function end(fault: unknown): never {
  say({ say: 'broken', reason: complaints.last() ?? messageOf(fault) })
  process.exit(1)
}

async function open(): Promise<PGlite> {
  if (!holdsDatabase(directory)) await makeDatabase(directory)
  const database = await PGlite.create({
    fs: openHostFiles(directory),
    extensions: { vector, pg_trgm },
    startParams: startParameters({ sync }),
    onStderr: complaints.hear,
  })
  endWhenBroken(database.Module, end)
  giveFreshSessions(database)
  return database
}

const database = await open().catch(end)
fs.rmSync(socketPath, { force: true })
const server = new PGLiteSocketServer({ db: database, path: socketPath })
await server.start()
closeRefused(server)

const orders = {
  async stop() {
    await server.stop()
    await database.close()
  },
  // Nothing is written meanwhile, for this is the thread that writes.
  copy: async ({ to }: { to: string }) => copyFolder(directory, to),
}
parentPort?.on('message', async ({ order, port }: { order: Order; port: MessagePort }) => {
  const done = order.kind === 'stop' ? orders.stop() : orders.copy(order)
  port.postMessage(await done.then(() => null, messageOf))
})
say({ say: 'ready' })
