import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { ReservedSql } from 'postgres'
import type { Database } from '../platform/db/index.ts'
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
  const builds = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  return {
    ensure(space) {
      const name = nameOf(space)
      if (database.kind === 'embedded' || space.dimension > mostDimensions || builds.has(name)) return
      const building = build(database, space, stopping.signal).catch(fault => {
        // The search goes on without it.
        if (!stopping.signal.aborted)
          log.warn({ index: name, reason: messageOf(fault) }, 'no index of vectors was built')
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

async function build(database: Database, space: VectorSpace, signal: AbortSignal): Promise<void> {
  const connection = await database.sql.reserve()
  try {
    const [lock] = await connection`select pg_try_advisory_lock(${buildLock}) as taken`
    if (!lock?.taken) return
    try {
      await buildHere(connection, space, signal)
    } finally {
      await connection`select pg_advisory_unlock(${buildLock})`
    }
  } finally {
    connection.release()
  }
}

async function buildHere(connection: ReservedSql, space: VectorSpace, signal: AbortSignal): Promise<void> {
  const name = nameOf(space)
  // What a build that was broken off has left is never used, and stands in the way.
  const broken = await connection`
    select 1 from pg_index where indexrelid = to_regclass(${name}) and not indisvalid`
  if (broken.length > 0) await connection.unsafe(`drop index concurrently if exists ${name}`)
  signal.throwIfAborted()
  const { sql: statement } = new PgDialect().sqlToQuery(sql`
    create index concurrently if not exists ${sql.raw(name)} on passages
    using hnsw ((embedding::${vectorOf(space)}) vector_cosine_ops) where ${ofSpace(space)}`)
  const building = connection.unsafe(statement)
  const cancel = () => building.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  await building
  signal.removeEventListener('abort', cancel)
}
