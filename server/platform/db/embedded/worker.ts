import fs from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { holdsDatabase } from './folder.ts'
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

const { directory, socketPath, sync } = workerData as EmbeddedWorkerData
if (!holdsDatabase(directory)) await makeDatabase(directory)
const database = await PGlite.create({
  fs: openHostFiles(directory),
  extensions: { vector, pg_trgm },
  startParams: startParameters({ sync }),
})
fs.rmSync(socketPath, { force: true })
const server = new PGLiteSocketServer({ db: database, path: socketPath })
await server.start()

parentPort?.once('message', async () => {
  await server.stop()
  await database.close()
  parentPort?.postMessage('stopped')
})
parentPort?.postMessage('ready')
