import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'

/** A database of its own for one test app. */
export async function testDatabase(
  dataDirectory: string,
): Promise<{ env: Record<string, string>; drop(): Promise<void> }> {
  const server = process.env.RUSHES_TEST_DATABASE_URL
  if (!server) {
    await copyEmbeddedTemplate(dataDirectory)
    return { env: {}, drop: async () => {} }
  }
  const name = `rushes_test_${randomUUID().replaceAll('-', '')}`
  const admin = new Pool({ connectionString: server, max: 1 })
  // Whoever restarts the database in a test ends this connection too.
  admin.on('error', () => {})
  await admin.query(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    env: { DATABASE_URL: url.href },
    async drop() {
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}

const template = join(tmpdir(), `rushes-test-template-${process.ppid}`)

/** A fresh embedded database takes two seconds to make, and a moment to copy: one is made for all test files of a run. */
async function copyEmbeddedTemplate(dataDirectory: string): Promise<void> {
  const ready = join(template, 'database')
  if (!(await exists(ready))) await makeTemplate(ready)
  await cp(ready, join(dataDirectory, 'database'), { recursive: true })
}

async function makeTemplate(ready: string): Promise<void> {
  const mine = await mkdtemp(join(tmpdir(), 'rushes-test-making-'))
  const log = createLog({ level: 'silent', pretty: false })
  const database = await openDatabase({ url: null, dataDirectory: mine, poolSize: 1, log })
  await database.stop()
  await mkdir(template, { recursive: true })
  // Another test file may have been quicker: then its template is as good.
  await rename(join(mine, 'database'), ready).catch(fault => {
    if (!['ENOTEMPTY', 'EEXIST'].includes(fault.code)) throw fault
  })
  await rm(mine, { recursive: true, force: true })
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )
