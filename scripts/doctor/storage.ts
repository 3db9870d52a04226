import { access, constants, mkdir, readdir, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { Client } from 'pg'
import type { Config } from '../../server/config.ts'
import { lockDirectory } from '../../server/platform/db/directory-lock.ts'
import { messageOf } from '../../server/platform/errors.ts'
import { type Finding, missing, ok, warn } from './finding.ts'

const root = join(import.meta.dirname, '../..')

/** DATA_DIR: there, writable, and held by nobody else. */
export async function checkDataDirectory({ DATA_DIR, DATABASE_URL }: Config): Promise<Finding> {
  const directory = resolve(DATA_DIR)
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.R_OK | constants.W_OK)
    if (DATABASE_URL === undefined) lockDirectory(directory).release()
  } catch (fault) {
    return missing(
      'DATA_DIR',
      messageOf(fault),
      'stop the other server, or set DATA_DIR to a folder of your own that you may write to',
    )
  }
  const { bavail, bsize } = await statfs(directory)
  const free = `${directory}, ${((Number(bavail) * Number(bsize)) / 1e9).toFixed(1)} GB free`
  return Number(bavail) * Number(bsize) < 1e9
    ? warn('DATA_DIR', free, 'make room: uploads end with "storage.full" when there is none')
    : ok('DATA_DIR', free)
}

/** Models that were downloaded or placed by hand. */
export async function checkModels({ MODELS_DIR, DATA_DIR }: Config): Promise<Finding> {
  const directory = resolve(MODELS_DIR ?? join(DATA_DIR, 'models'))
  const owners = await readdir(directory).catch(() => [])
  const models = await Promise.all(
    owners.map(async owner => (await readdir(join(directory, owner)).catch(() => [])).map(name => `${owner}/${name}`)),
  )
  const names = models.flat()
  if (names.length > 0) return ok('models', `${directory}: ${names.join(', ')}`)
  return warn('models', `none in ${directory}`, 'MODELS_DOWNLOAD=true fetches them, or place them there by hand')
}

/** The database that would be used. */
export async function checkDatabase({ DATABASE_URL }: Config): Promise<Finding> {
  if (DATABASE_URL === undefined) return ok('database', 'embedded, in DATA_DIR')
  const client = new Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 5000, query_timeout: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query(`select current_setting('server_version_num')::int / 10000 as version,
      (select default_version from pg_available_extensions where name = 'vector') as vector`)
    const [row] = rows
    if (!row || row.version < 15) return missing('database', `PostgreSQL ${row?.version}`, 'PostgreSQL 15 or newer')
    if (!row.vector) return missing('database', 'has no pgvector', 'install postgresql-NN-pgvector on its machine')
    return ok('database', `PostgreSQL ${row.version} with pgvector ${row.vector}`)
  } catch (fault) {
    const why = messageOf(fault) || 'it does not answer'
    return missing('database', why, 'check DATABASE_URL, or unset it for the embedded one')
  } finally {
    await client.end()
  }
}

/** HOST and PORT. */
export function checkPort({ HOST, PORT }: Config): Promise<Finding> {
  return new Promise(done => {
    const probe = createServer()
    probe.once('error', fault => done(missing('port', messageOf(fault), 'stop what listens there, or set PORT')))
    probe.listen(PORT, HOST, () =>
      probe.close(() => done(ok('port', PORT === 0 ? 'any free one' : `${HOST}:${PORT} is free`))),
    )
  })
}

/** The page that the server shows. */
export async function checkPage(): Promise<Finding> {
  const built = await stat(join(root, 'web/dist/index.html')).catch(() => null)
  return built
    ? ok('page', `built ${built.mtime.toISOString().slice(0, 16).replace('T', ' ')}`)
    : warn('page', 'not built: the server serves its API alone', 'npm run build')
}
