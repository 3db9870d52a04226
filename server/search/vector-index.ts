import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { type Database, DatabaseAway, type Db, type LoneLink } from '../platform/db/index.ts'
import { messageOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { VectorSpace } from './embedding.ts'
import { ofSpace, vectorOf } from './queries.ts'

/** An index that finds near vectors in the whole library without looking at each. */
export interface VectorIndex {
  /** Builds it beside the running work, once for each model. Until it is there, every vector is looked at. */
  ensure(space: VectorSpace): void
  /** Breaks off what is being built: it is begun anew at the next start. */
  stop(): Promise<void>
}

/** pgvector indexes vectors up to this. */
const mostDimensions = 2000
/** Any number that only Rushes uses: of several servers one builds. */
const buildLock = 7_239_114_026

/** HNSW on a PostgreSQL server. Never on the embedded database, which would stand still for half a minute. */
export function createVectorIndex({ database, log }: { database: Database; log: Log }): VectorIndex {
  const { connect, db } = database
  const builds = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  const { signal } = stopping
  return {
    ensure(space) {
      const name = nameOf(space)
      if (!connect || space.dimension > mostDimensions || builds.has(name)) return
      const building = connect()
        .then(link => build(link, space, { db, signal }))
        .catch(fault => {
          // The search goes on without it, and who needs it next tries again where that may help.
          if (fault instanceof DatabaseAway) builds.delete(name)
          if (!signal.aborted) log.warn({ index: name, reason: messageOf(fault) }, 'no index of vectors was built')
        })
      builds.set(name, building)
    },
    async stop() {
      stopping.abort()
      await Promise.all(builds.values())
    },
  }
}

const nameOf = ({ signature, dimension }: VectorSpace): string =>
  `passages_near_${createHash('sha256').update(`${signature} ${dimension}`).digest('hex').slice(0, 16)}`

async function build(link: LoneLink, space: VectorSpace, { db, signal }: { db: Db; signal: AbortSignal }) {
  try {
    const { rows } = await link.query({ text: 'select pg_try_advisory_lock($1) as taken', values: [buildLock] })
    if (rows[0]?.taken) await buildHere(link, space, { db, signal })
  } finally {
    // The lock goes with the connection.
    await link.stop()
  }
}

async function buildHere(link: LoneLink, space: VectorSpace, { db, signal }: { db: Db; signal: AbortSignal }) {
  const name = nameOf(space)
  // What a build that was broken off has left is never used, and stands in the way.
  const broken = await link.query({
    text: 'select 1 from pg_index where indexrelid = to_regclass($1) and not indisvalid',
    values: [name],
  })
  if (broken.rows.length > 0) await link.query({ text: `drop index concurrently if exists ${name}` })
  const { rows } = await link.query({ text: 'select pg_backend_pid() as pid' })
  signal.throwIfAborted()
  const { sql: text } = new PgDialect().sqlToQuery(sql`
    create index concurrently if not exists ${sql.raw(name)} on passages
    using hnsw ((embedding::${vectorOf(space)}) vector_cosine_ops) where ${ofSpace(space)}`)
  const cancel = () => void db.execute(sql`select pg_cancel_backend(${rows[0]?.pid})`).catch(() => {})
  signal.addEventListener('abort', cancel, { once: true })
  await link.query({ text }).finally(() => signal.removeEventListener('abort', cancel))
}
