import type { RoomEvent, RoomEventsFrame, VideoId } from '../../../shared/index.ts'
import { nameText, runPrepared, type Tx } from '../db/index.ts'

export interface Fact {
  videoId: VideoId
  type: RoomEvent['type']
  payload: object
}

/** What a statement that logs answers with: where each room's log stands now. */
export interface Head {
  video_id: VideoId
  seq: number
  at: string
}

/**
 * The rest of a statement whose CTEs so far end with `facts (video_id, n, type, payload)`, `n` counting from 1 in each
 * room: numbers and writes them. The row lock on a room's head is held from here to the commit, so this comes last:
 * whoever sees `seq` n can see all before it.
 */
export const logFacts = `
  counts as (
    select video_id, count(*)::int as total from facts group by video_id order by video_id
  ), heads as (
    insert into room_heads as h (video_id, seq) select video_id, total from counts
    on conflict (video_id) do update set seq = h.seq + excluded.seq
    returning h.video_id, h.seq
  ), written as (
    insert into room_events (video_id, seq, type, payload)
    select video_id, heads.seq - counts.total + n, type, payload from facts join counts using (video_id) join heads using (video_id)
  )
  select video_id, seq, to_char(now()::timestamptz(3) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`

const statement = nameText(`
  with facts as (
    select * from jsonb_to_recordset($1::text::jsonb) as g(video_id uuid, n int, type text, payload jsonb)
  ), ${logFacts} from heads`)

/** Numbers and writes the facts of one transaction in one round trip. */
export async function writeEvents(tx: Tx, facts: readonly Fact[]): Promise<RoomEventsFrame[]> {
  const given = [...Map.groupBy(facts, fact => fact.videoId)].flatMap(([videoId, ofRoom]) =>
    ofRoom.map(({ type, payload }, index) => ({ video_id: videoId, n: index + 1, type, payload })),
  )
  return framesOf(await runPrepared<Head>(tx, statement, [JSON.stringify(given)]), facts)
}

/** The facts as they were numbered: one frame a room. */
export function framesOf(heads: readonly Head[], facts: readonly Fact[]): RoomEventsFrame[] {
  const rooms = Map.groupBy(facts, fact => fact.videoId)
  return heads.map(head => {
    const ofRoom = rooms.get(head.video_id) ?? []
    const first = head.seq - ofRoom.length + 1
    const events = ofRoom.map(
      ({ type, payload }, index) => ({ seq: first + index, type, payload, at: head.at }) as RoomEvent,
    )
    return { videoId: head.video_id, events }
  })
}
