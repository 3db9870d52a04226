import type { EventsFrame, StreamEvent, StreamId } from '../../../shared/index.ts'
import { nameText, type Queryable, runPrepared } from '../db/index.ts'
import { type Fact, framesOf, type Head, logFacts } from './write-events.ts'

export interface Item {
  id: string
}

/** Things that become facts by being stored, in one statement for all that are stored together. */
export interface Insertion<I extends Item> {
  /**
   * The first CTEs of a statement, a constant of the code. Of the items in `$1::text::jsonb`, an array, they insert
   * those that are new, and end with `inserted (id, stream, n, payload)`: these, with their place in the array and the
   * payload of their event.
   */
  ctes: string
  type: StreamEvent['type']
  stream: (item: I) => StreamId
  payload: (item: I) => object
}

export interface Inserted {
  /** What became of the new ones. */
  facts: Fact[]
  ids: ReadonlySet<string>
  frames: EventsFrame[]
}

type Row = Head & { ids: string[] }

/** One round trip to the database, for any number of items; where no transaction is open, it is its own one. */
export function insertAndLog<I extends Item>({ ctes, type, stream, payload }: Insertion<I>) {
  const statement = nameText(`
    with ${ctes}, facts as (
      select stream, row_number() over (partition by stream order by n)::int as n, '${type}' as type, payload
      from inserted
    ), ${logFacts}, (select jsonb_agg(id) from inserted) as ids from heads`)
  return async (db: Queryable, items: readonly I[]): Promise<Inserted> => {
    const rows = await runPrepared<Row>(db, statement, [JSON.stringify(items)])
    const ids = new Set(rows[0]?.ids)
    const facts = items
      .filter(item => ids.has(item.id))
      .map(item => ({ stream: stream(item), type, payload: payload(item) }))
    return { ids, facts, frames: framesOf(rows, facts) }
  }
}
