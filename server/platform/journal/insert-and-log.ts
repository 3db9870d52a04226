import type { RoomEvent, RoomEventsFrame, VideoId } from '../../../shared/index.ts'
import { type Database, DatabaseAway, nameText, runPrepared } from '../db/index.ts'
import { type Fact, framesOf, type Head, logFacts } from './write-events.ts'

/** Things that become facts by being stored, in one statement for all that are stored together. */
export interface Insertion<Item extends { id: string; videoId: VideoId }> {
  /**
   * The first CTEs of a statement, a constant of the code. Of the items in `$1::text::jsonb`, an array, they insert
   * those that are new, and end with `inserted (id, video_id, n, payload)`: these, with their place in the array and
   * the payload of their event.
   */
  ctes: string
  type: RoomEvent['type']
  payload: (item: Item) => object
}

export interface Inserted {
  ids: ReadonlySet<string>
  frames: RoomEventsFrame[]
}

type Row = Head & { ids: string[] }

/** One round trip to the database, which is its own transaction, for any number of items. */
export function insertAndLog<Item extends { id: string; videoId: VideoId }>(
  { db }: Pick<Database, 'db'>,
  { ctes, type, payload }: Insertion<Item>,
): (items: readonly Item[]) => Promise<Inserted> {
  const statement = nameText(`
    with ${ctes}, facts as (
      select video_id, row_number() over (partition by video_id order by n)::int as n, '${type}' as type, payload
      from inserted
    ), ${logFacts}, (select jsonb_agg(id) from inserted) as ids from heads`)
  return async items => {
    const run = () => runPrepared<Row>(db, statement, [JSON.stringify(items)])
    // Items have their ids, so that what was committed before the connection broke is not inserted twice.
    const rows = await run().catch(fault => (fault instanceof DatabaseAway ? run() : Promise.reject(fault)))
    const ids = new Set(rows[0]?.ids)
    const facts: Fact[] = items
      .filter(item => ids.has(item.id))
      .map(item => ({ videoId: item.videoId, type, payload: payload(item) }))
    return { ids, frames: framesOf(rows, facts) }
  }
}
