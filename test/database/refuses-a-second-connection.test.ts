import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { closeRefused } from '../../server/platform/db/embedded/close-refused.ts'
import { until } from '../support/until.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? 'it is about the embedded database' : false

test('a second connection that is refused does not keep out whoever comes after it', {
  skip,
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rushes-second-'))
  after(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, '.s.PGSQL.5432')
  // Two are let in as far as the refusal, as happens by chance while the first one is ending.
  const database = await PGlite.create()
  const sockets = new PGLiteSocketServer({ db: database, path })
  await sockets.start()
  closeRefused(sockets)
  const { server } = sockets as unknown as {
    server: { maxConnections: number; getConnections(done: (fault: null, count: number) => void): void }
  }
  server.maxConnections = 2
  const count = () => new Promise<number>(resolve => server.getConnections((_, open) => resolve(open)))

  const first = connect(path)
  await once(first, 'connect')
  const second = connect(path)
  second.on('error', () => {})
  // Nobody reads it.
  second.write('a greeting')
  second.resume()
  await new Promise(resolve => second.once('close', resolve))
  await until('only the first one is counted', async () => (await count()) === 1)
  first.destroy()
  await sockets.stop()
  await database.close()
})
