import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../server/platform/db/index.ts'
import { createLog, type Log } from '../../server/platform/log.ts'
import { anyTestDatabase } from './test-database.ts'

/** The migrated database alone, on the tier that is being tested. */
export async function openTestDatabase(): Promise<{ database: Database; log: Log } & AsyncDisposable> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-test-'))
  const made = await anyTestDatabase(dataDirectory)
  const log = createLog({ level: 'silent', pretty: false })
  const url = made.env.DATABASE_URL ?? null
  const database = made.lent ?? (await openDatabase({ url, dataDirectory, poolSize: 8, log }))
  return {
    database,
    log,
    async [Symbol.asyncDispose]() {
      await database.stop()
      await made.drop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}
