import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRushes, type Rushes } from '../../client-sdk/src/index.ts'
import { createApp, type Surroundings } from '../../server/app.ts'
import { parseConfig } from '../../server/config.ts'
import { anyTestDatabase, testDatabase } from './test-database.ts'

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
  /** What stands around it, where it differs from the usual. */
  around?: Partial<Surroundings>
  /** Whether its embedded database lies in its folder, and ends with it. Otherwise one is lent to it. */
  ownDatabase?: boolean
}

/**
 * The real server in this process: embedded database in a temporary folder, or a database of its own on the PostgreSQL
 * of RUSHES_TEST_DATABASE_URL. `await using` ends it and removes what it had.
 */
export async function startTestApp({
  env = {},
  around = {},
  ownDatabase = false,
}: TestAppOptions = {}): Promise<TestApp> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-test-'))
  const isItsOwn = ownDatabase || env.DATABASE_URL !== undefined
  const database = await (isItsOwn ? testDatabase : anyTestDatabase)(dataDirectory)
  const lent = database.lent && { database: Promise.resolve(database.lent) }
  const full = {
    PORT: '0',
    LOG_LEVEL: 'error',
    DATA_DIR: dataDirectory,
    TRANSCRIBER: 'auto',
    HLS_LADDER: 'off',
    // Beside another test file that keeps the processors busy, what gives way would never come to its end.
    MEDIA_NICENESS: '0',
    ...database.env,
    ...env,
  }
  const cleanUp = async () => {
    await database.drop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
  return run({ env: full, around: { ...lent, ...around }, dataDirectory, cleanUp })
}

interface Running {
  env: Record<string, string>
  around: Partial<Surroundings>
  dataDirectory: string
  cleanUp: () => Promise<void>
}

async function run(running: Running): Promise<TestApp> {
  const { env, around, dataDirectory, cleanUp } = running
  const app = await createApp(parseConfig(env), around)
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
      return run({ ...running, env: { ...env, PORT: new URL(app.url).port, ...changes } })
    },
    async [Symbol.asyncDispose]() {
      await stop()
      await cleanUp()
    },
  }
}
