import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRushes, type Rushes } from '../../client-sdk/src/index.ts'
import { createApp } from '../../server/app.ts'
import { parseConfig } from '../../server/config.ts'
import { testDatabase } from './test-database.ts'

export { until } from './until.ts'

export interface TestApp extends AsyncDisposable {
  url: string
  /** The client that drives it. */
  rushes: Rushes
  /** Where its files lie. */
  dataDirectory: string
  env: Record<string, string>
  /** Ends it; its data stays. */
  stop(): Promise<void>
  /** Ends it and starts it again on the same data, with other variables where some are given. */
  restart(changes?: Record<string, string>, meanwhile?: () => Promise<void>): Promise<TestApp>
}

export interface TestAppOptions {
  /** Environment on top of a quiet server on any free port. */
  env?: Record<string, string>
}

/**
 * The real server in this process: embedded database in a temporary folder, or a database of its own on the PostgreSQL
 * of RUSHES_TEST_DATABASE_URL. `await using` ends it and removes what it had.
 */
export async function startTestApp({ env = {} }: TestAppOptions = {}): Promise<TestApp> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-test-'))
  const database = await testDatabase(dataDirectory)
  const full = {
    PORT: '0',
    LOG_LEVEL: 'error',
    DATA_DIR: dataDirectory,
    TRANSCRIBER: 'auto',
    HLS_RUNGS: 'off',
    ...database.env,
    ...env,
  }
  return run(full, dataDirectory, async () => {
    await database.drop()
    await rm(dataDirectory, { recursive: true, force: true })
  })
}

async function run(env: Record<string, string>, dataDirectory: string, cleanUp: () => Promise<void>): Promise<TestApp> {
  const app = await createApp(parseConfig(env))
  let stopped = false
  const stop = async () => {
    if (!stopped) await app.stop()
    stopped = true
  }
  return {
    url: app.url,
    rushes: createRushes({ url: app.url, ...(env.RUSHES_API_KEY ? { token: env.RUSHES_API_KEY } : {}) }),
    dataDirectory,
    env,
    stop,
    async restart(changes = {}, meanwhile = async () => {}) {
      await stop()
      await meanwhile()
      // At the same address: clients that were here come back by themselves.
      return run({ ...env, PORT: new URL(app.url).port, ...changes }, dataDirectory, cleanUp)
    },
    async [Symbol.asyncDispose]() {
      await stop()
      await cleanUp()
    },
  }
}
