import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { createApp } from '../../server/app.ts'
import { parseConfig } from '../../server/config.ts'
import type { Database } from '../../server/platform/db/index.ts'
import { lendDatabase } from './lent-database.ts'

export interface TestDatabase {
  env: Record<string, string>
  /** Open already. */
  lent?: Database
  drop(): Promise<void>
}

/** A database for one test app, where nobody minds in which folder the embedded one lies. */
export async function anyTestDatabase(dataDirectory: string): Promise<TestDatabase> {
  if (process.env.RUSHES_TEST_DATABASE_URL) return testDatabase(dataDirectory)
  const { database, giveBack } = await lendDatabase(copyEmbeddedTemplate)
  return { env: {}, lent: database, drop: giveBack }
}

/** A database of its own, the embedded one in its data directory. */
export async function testDatabase(dataDirectory: string): Promise<TestDatabase> {
  const server = process.env.RUSHES_TEST_DATABASE_URL
  if (server) return serverDatabase(server, template)
  await copyEmbeddedTemplate(dataDirectory)
  return { env: {}, drop: async () => {} }
}

// A server makes its tables and its queue's in two seconds, and a copy of them is there in a moment: the first start is
// done once for all test files of a run.

const template = process.env.RUSHES_TEST_TEMPLATE ?? `rushes-test-template-${process.ppid}`

/** What a server makes of an empty database before its first film. */
async function startOnce(env: Record<string, string>): Promise<void> {
  const quiet = { PORT: '0', LOG_LEVEL: 'silent', TRANSCRIBER: 'none', HLS_LADDER: 'off' }
  const app = await createApp(parseConfig({ ...quiet, ...env }))
  await app.stop()
}

async function copyEmbeddedTemplate(dataDirectory: string): Promise<void> {
  const folder = join(tmpdir(), template)
  const ready = join(folder, 'database')
  if (!(await exists(ready))) {
    const mine = await mkdtemp(join(tmpdir(), 'rushes-test-making-'))
    await startOnce({ DATA_DIR: mine })
    await mkdir(folder, { recursive: true })
    // Another test file may have been quicker: then its template is as good.
    await rename(join(mine, 'database'), ready).catch(fault => {
      if (!['ENOTEMPTY', 'EEXIST'].includes(fault.code)) throw fault
    })
    await rm(mine, { recursive: true, force: true })
  }
  await cp(ready, join(dataDirectory, 'database'), { recursive: true })
}

/** One on the server of the tests that holds nothing at all. */
export function emptyServerDatabase(): Promise<TestDatabase> {
  return serverDatabase(process.env.RUSHES_TEST_DATABASE_URL ?? '', null)
}

async function serverDatabase(server: string, copied: string | null): Promise<TestDatabase> {
  const admin = new Pool({ connectionString: server, max: 1 })
  // Whoever restarts the database in a test ends this connection too.
  admin.on('error', () => {})
  if (copied !== null) await makeServerTemplate(server, admin)
  const name = `rushes_test_${randomUUID().replaceAll('-', '')}`
  await admin.query(`create database ${name}${copied === null ? '' : ` template "${copied}"`}`)
  return {
    env: { DATABASE_URL: databaseAt(server, name) },
    async drop() {
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}

/** One test file makes it, the others wait. Whoever runs the tests drops it afterwards. */
async function makeServerTemplate(server: string, admin: Pool): Promise<void> {
  const connection = await admin.connect()
  try {
    await connection.query('select pg_advisory_lock(hashtext($1))', [template])
    const { rowCount } = await connection.query('select from pg_database where datname = $1', [template])
    if (rowCount === 0) {
      const making = `${template}-making`
      await connection.query(`drop database if exists "${making}" with (force)`)
      await connection.query(`create database "${making}"`)
      const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-test-making-'))
      await startOnce({ DATA_DIR: dataDirectory, DATABASE_URL: databaseAt(server, making) })
      await rm(dataDirectory, { recursive: true, force: true })
      await connection.query(`alter database "${making}" rename to "${template}"`)
    }
    await connection.query('select pg_advisory_unlock(hashtext($1))', [template])
  } finally {
    connection.release()
  }
}

function databaseAt(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )
