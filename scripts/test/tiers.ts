import { execFile } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { Pool } from 'pg'

export interface Tier {
  name: string
  wants: (path: string) => boolean
  env: NodeJS.ProcessEnv
  /** Why it can't run here, if it can't. */
  missing?: string | undefined
  /** Done once, before its first file. */
  prepare?: () => Promise<unknown>
  cleanUp?: () => Promise<void>
}

const browsers = ['chromium', 'chromium-browser', 'google-chrome']
/** What a file says whose promises hang on the database: locks, several connections or servers, how it sorts and searches. */
const postgresTag = '// tier: postgres\n'
const isOfPage = (path: string) => path.startsWith('test/page/')

/** The page first: its tests take the longest each, and what is short fills the end. */
export function listTiers(template: string): Tier[] {
  const { RUSHES_TEST_DATABASE_URL: databaseUrl, ...environment } = process.env
  const env = { ...environment, RUSHES_TEST_TEMPLATE: template }
  return [
    {
      name: 'page',
      wants: isOfPage,
      env,
      missing: browsers.some(isOnPath) ? undefined : `none of ${browsers.join(', ')} is installed`,
      prepare: buildPage,
    },
    {
      name: 'postgres',
      wants: path => readFileSync(path, 'utf8').startsWith(postgresTag),
      env: { ...env, RUSHES_TEST_DATABASE_URL: databaseUrl },
      missing: databaseUrl ? undefined : 'RUSHES_TEST_DATABASE_URL is not set',
      cleanUp: () => dropDatabase(databaseUrl, template),
    },
    { name: 'embedded', wants: path => !isOfPage(path), env },
  ]
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      // Not in this folder, or not to be run: the next one may have it.
      return false
    }
  })
}

/** A page of yesterday would be tested otherwise. */
async function buildPage(): Promise<void> {
  await promisify(execFile)('npm', ['run', '--silent', 'build']).catch(({ stdout, stderr }) => {
    throw new Error(`the page can't be built:\n${stdout}${stderr}`)
  })
}

async function dropDatabase(connectionString: string | undefined, name: string): Promise<void> {
  const pool = new Pool({ connectionString })
  await pool.query(`drop database if exists "${name}" with (force)`)
  await pool.end()
}
