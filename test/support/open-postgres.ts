import { tmpdir } from 'node:os'
import { type DatabaseOptions, openDatabase } from '../../server/platform/db/index.ts'
import type { Log } from '../../server/platform/log.ts'
import { openProxy } from './open-proxy.ts'
import { testDatabase } from './test-database.ts'

/** Why a test that needs a PostgreSQL server is skipped, or false. */
export const noServer = !process.env.RUSHES_TEST_DATABASE_URL && 'RUSHES_TEST_DATABASE_URL is not set'

/** A log that is kept. */
export function keptLog(): { log: Log; lines: string[] } {
  const lines: string[] = []
  const keep = (...[, line]: unknown[]) => void lines.push(String(line))
  const log: Log = { error: keep, warn: keep, info: keep, debug: () => {}, child: () => log }
  return { log, lines }
}

/** A fresh database on the server of the tests, that may be reached through a proxy. */
export async function openPostgres() {
  const made = await testDatabase(tmpdir())
  const url = new URL(made.env.DATABASE_URL ?? '')
  const proxy = await openProxy(url.href)
  const through = new URL(url)
  through.host = new URL(proxy.url).host
  const { log, lines } = keptLog()
  return {
    url: through.href,
    name: url.pathname.slice(1),
    proxy,
    lines,
    open: (options: Partial<DatabaseOptions> = {}) =>
      openDatabase({ url: through.href, dataDirectory: '', poolSize: 8, log, ...options }),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await made.drop()
    },
  }
}
