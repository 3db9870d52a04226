import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Log } from '../log.ts'
import { type Connections, createConnections } from './connections.ts'
import { holdsDatabase, removeStaleClaim } from './embedded/folder.ts'
import type { EmbeddedWorkerData } from './embedded/worker.ts'

/**
 * PostgreSQL in WASM (PGlite) in a thread of its own, reached like any PostgreSQL through a unix socket. There is ONE
 * connection: with a second, the socket mixes up unnamed statements. It is never recycled either.
 */
export async function openEmbedded(
  directory: string,
  { log, sync }: { log: Log; sync: boolean },
): Promise<{ connections: Connections; stop(): Promise<void> }> {
  // Before anything is started: what isn't a database that we can open is left as it is.
  if (holdsDatabase(directory)) removeStaleClaim(directory)
  // A socket's path may have 107 bytes at most, so it can't lie in a data directory of any depth. Its name follows from
  // the data directory, which is locked by us: what a killed process left there is taken over.
  const name = createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 16)
  const socketDirectory = join(tmpdir(), `rushes-db-${name}`)
  await rm(socketDirectory, { recursive: true, force: true })
  await mkdir(socketDirectory, { mode: 0o700 })
  const socketPath = join(socketDirectory, '.s.PGSQL.5432')
  const worker = await startWorker({ directory, socketPath, sync })
  const connections = createConnections({
    ...{ host: socketDirectory, port: 5432, user: 'postgres', database: 'postgres', ssl: false },
    ...{ max: 1, idleTimeoutMillis: 0, log },
    onBroken: fault => log.error({ reason: fault.message }, 'the connection to the embedded database broke'),
  })
  return {
    connections,
    async stop() {
      await connections.stop()
      worker.postMessage('stop')
      await once(worker, 'message')
      await worker.terminate()
      await rm(socketDirectory, { recursive: true, force: true })
    },
  }
}

async function startWorker(workerData: EmbeddedWorkerData): Promise<Worker> {
  const worker = new Worker(new URL('./embedded/worker.ts', import.meta.url), { workerData })
  // `once` rejects with the thread's fault when it can't start.
  await once(worker, 'message')
  return worker
}
