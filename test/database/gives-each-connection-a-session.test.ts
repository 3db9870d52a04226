import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client } from 'pg'
import { startThread } from '../../server/platform/db/embedded/thread.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? 'a PostgreSQL server does that by itself' : false

test('a connection that follows another one finds none of its names, settings or transactions', {
  skip,
  timeout: 120_000,
}, async () => {
  const host = await mkdtemp(join(tmpdir(), 'rushes-session-'))
  after(() => rm(host, { recursive: true, force: true }))
  await testDatabase(host)
  const socketPath = join(host, '.s.PGSQL.5432')
  const thread = await startThread({ directory: join(host, 'database'), socketPath, sync: true })
  after(thread.stop)
  for (const isCut of [true, false, true]) {
    const client = await connectTo(host)
    const ended = new Promise(resolve => client.once('end', resolve))
    const { rows } = await client.query({ name: 'the same', text: `select current_setting('work_mem') as work_mem` })
    assert.deepEqual(rows, [{ work_mem: '4MB' }])
    await client.query(`set work_mem = '8MB'; begin; create table left_behind (n int)`)
    if (isCut) client.connection.stream.destroy()
    else await client.end()
    await ended
  }
})

/** Until the thread has noticed that the one before is gone, there is no place for the next. */
function connectTo(host: string): Promise<Client> {
  return until('the next one is let in', async () => {
    const client = new Client({ host, port: 5432, user: 'postgres', database: 'postgres', ssl: false })
    client.on('error', () => {})
    return client.connect().then(
      () => client,
      () => null,
    )
  })
}
