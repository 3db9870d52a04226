import { createHash } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { integer, pgSchema, pgTable, text } from 'drizzle-orm/pg-core'
import type { Database } from '../../../server/platform/db/index.ts'
import { streamEvents } from '../../../server/platform/journal/index.ts'

export const rows = pgTable('cut_rows', { id: integer().primaryKey(), body: text().notNull() })
const pgClass = pgSchema('pg_catalog').table('pg_class', { relname: text() })

/** What was acknowledged; `undone` is noted before something makes it untrue. */
export type Fact =
  | { row: number; sum: string }
  | { event: number; stream: string }
  | { table: string }
  | { noTable: string }
  | { undone: string }

export const sumOf = (body: string): string => createHash('md5').update(body).digest('hex')

/** What is there of it, and whether it can still be written to. */
export async function readFacts({ db }: Database) {
  const tables = new Set((await db.select().from(pgClass)).map(({ relname }) => relname))
  const stored = tables.has('cut_rows') ? await db.select().from(rows) : []
  const events = await db.select({ stream: streamEvents.stream, seq: streamEvents.seq }).from(streamEvents)
  if (tables.has('cut_rows')) {
    await db.insert(rows).values({ id: -1, body: 'written after the cut' })
    await db.delete(rows).where(eq(rows.id, -1))
  }
  const sums = new Map(stored.map(({ id, body }) => [id, sumOf(body)]))
  const seen = new Set(events.map(({ stream, seq }) => `${stream} ${seq}`))
  return { tables, sums, seen }
}

/** Which of the facts, in the order in which they were acknowledged, are not there. */
export function missingOf(facts: readonly Fact[], there: Awaited<ReturnType<typeof readFacts>>): string[] {
  const undone = new Set(facts.flatMap(fact => ('undone' in fact ? [fact.undone] : [])))
  return facts.flatMap(fact => {
    if ('row' in fact) return there.sums.get(fact.row) === fact.sum ? [] : [`row ${fact.row}`]
    if ('event' in fact) return there.seen.has(`${fact.stream} ${fact.event}`) ? [] : [`event ${fact.event}`]
    if ('table' in fact) return undone.has(fact.table) || there.tables.has(fact.table) ? [] : [`table ${fact.table}`]
    if ('noTable' in fact) return there.tables.has(fact.noTable) ? [`the end of table ${fact.noTable}`] : []
    return []
  })
}

export const makeRows = sql`create table cut_rows (id int primary key, body text not null)`
