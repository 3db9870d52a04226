import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Database, openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'

/** Embedded databases of this process that nobody uses: emptying one takes milliseconds, starting one takes seconds. */
const free: Database[] = []
/** What is given back is not kept for the next one. */
let isLast = false

export interface LentDatabase {
  /** Whoever has it can't stop it. */
  database: Database
  giveBack(): Promise<void>
}

/** An embedded database as it is before the first film. `makeFolder` puts one into a folder. */
export async function lendDatabase(makeFolder: (directory: string) => Promise<void>): Promise<LentDatabase> {
  const kept = free.pop() ?? (await open(makeFolder))
  return {
    database: { ...kept, stop: async () => {} },
    async giveBack() {
      if (isLast) return kept.stop()
      await empty(kept)
      free.push(kept)
    },
  }
}

async function open(makeFolder: (directory: string) => Promise<void>): Promise<Database> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-lent-'))
  process.once('exit', () => rmSync(dataDirectory, { recursive: true, force: true }))
  await makeFolder(dataDirectory)
  return openDatabase({ url: null, dataDirectory, poolSize: 1, log: createLog({ level: 'silent', pretty: false }) })
}

/** All but what a first start leaves: what was migrated, the queues, the origin of the log and the secret of media. */
async function empty({ db }: Database): Promise<void> {
  const [tables] = await db.execute<{ names: string }>(sql`
    select string_agg(format('%I.%I', schemaname, tablename), ', ') as names from pg_tables
    where schemaname in ('public', 'pgboss')
      and schemaname || '.' || tablename not in ('pgboss.version', 'pgboss.queue', 'public.mark_origin', 'public.secrets')`)
  await db.execute(sql.raw(`truncate ${tables?.names} restart identity cascade`))
}

/** From now on one that is given back is stopped: a process would live as long as these do. */
export async function lendOnceOnly(): Promise<void> {
  isLast = true
  await Promise.all(free.splice(0).map(database => database.stop()))
}

// Before what a file does in the end itself, so that what it gives back then is stopped. Benches call it at once.
if (process.env.NODE_TEST_CONTEXT) after(lendOnceOnly)
