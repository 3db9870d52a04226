import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { StreamId } from '../../../shared/index.ts'
import type { Queryable, Tx } from '../db/index.ts'
import { noteRemovals } from '../removals/index.ts'
import { renditions } from './schema.ts'

/** A finished file that was made of something. */
export interface Rendition {
  /** Of one blob, or of all below it when it ends in a slash. */
  key: string
  /** Null while nobody has looked. */
  sizeBytes: number | null
  contentType: string | null
  /** When it was made, in milliseconds of Unix time: what is made anew has other bytes in the same place. */
  madeAtMs: number
}
/** What was made of one thing, by name. */
export type Renditions = Readonly<Partial<Record<string, Rendition>>>

interface NewRendition extends Omit<Rendition, 'madeAtMs'> {
  /** What it was made of: it goes when that does. */
  stream: StreamId
  name: string
  sizeBytes: number
}

const at = ({ stream, name }: Pick<NewRendition, 'stream' | 'name'>) =>
  and(eq(renditions.stream, stream), eq(renditions.name, name))

/**
 * In the transaction of its fact, by whoever holds what it was made of: from now on this file, which lies there already,
 * is the rendition of its name. The one before goes, where it lies elsewhere; its key is not taken again.
 */
export async function keepRendition(tx: Tx, { stream, name, ...file }: NewRendition): Promise<void> {
  const [before] = await tx.select({ key: renditions.key }).from(renditions).where(at({ stream, name }))
  const row = { ...file, createdAt: sql`now()` }
  await tx
    .insert(renditions)
    .values({ stream, name, ...row })
    .onConflictDoUpdate({ target: [renditions.stream, renditions.name], set: row })
  if (before && before.key !== file.key) await noteRemovals(tx, [before.key])
}

/** In the transaction in which a stream's subject goes, after it has: answers the keys, which are to be removed. */
export async function forgetRenditions(tx: Tx, stream: StreamId): Promise<string[]> {
  const rows = await tx.delete(renditions).where(eq(renditions.stream, stream)).returning({ key: renditions.key })
  return rows.map(({ key }) => key)
}

/** In a statement about what has a stream: what was made of it, as it was when the statement began. */
export const renditionsOf = (stream: SQL): SQL<Renditions> => sql`(
  select coalesce(json_object_agg(r.name,
    json_build_object('key', r.key, 'sizeBytes', r.size_bytes, 'contentType', r.content_type,
      'madeAtMs', (extract(epoch from r.created_at) * 1000)::bigint)), '{}')
  from ${renditions} r where r.stream = ${stream})`

/** What all of them take; without those whose size nobody knows yet. */
export async function sumRenditions(db: Queryable): Promise<number> {
  const [row] = await db.execute<{ bytes: number }>(sql`
    select coalesce(sum(size_bytes), 0)::float8 as bytes from ${renditions}`)
  return row?.bytes ?? 0
}

export type UnmeasuredRendition = Pick<typeof renditions.$inferSelect, 'stream' | 'name' | 'key'>

export const listUnmeasured = (db: Queryable, limit: number): Promise<UnmeasuredRendition[]> =>
  db
    .select({ stream: renditions.stream, name: renditions.name, key: renditions.key })
    .from(renditions)
    .where(isNull(renditions.sizeBytes))
    .limit(limit)

/** Nothing when it was made anew meanwhile: then its size is known. */
export async function enterSize(db: Queryable, row: UnmeasuredRendition, sizeBytes: number): Promise<void> {
  await db
    .update(renditions)
    .set({ sizeBytes })
    .where(and(at(row), isNull(renditions.sizeBytes)))
}
