import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

/** What the thread is started with: where the database lies, and the unix socket that it answers on. */
export interface EmbeddedWorkerData {
  directory: string
  socketPath: string
}

const { directory, socketPath } = workerData as EmbeddedWorkerData
const database = await PGlite.create({ dataDir: directory, extensions: { vector, pg_trgm } })
const server = new PGLiteSocketServer({ db: database, path: socketPath })
await server.start()

parentPort?.once('message', async () => {
  await server.stop()
  await database.close()
  parentPort?.postMessage('stopped')
})
parentPort?.postMessage('ready')
