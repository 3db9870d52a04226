import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { StreamEvent, StreamId } from '../../../shared/index.ts'
import type { Queryable } from '../db/index.ts'
import { streamEvents } from './schema.ts'

export interface Redaction {
  types: readonly StreamEvent['type'][]
  /** Of the events of these types, those whose payload contains this. */
  about: object
  /** The member of the payload that is blanked in part; the payload itself when not given. */
  within?: string
  /** What takes the place of what must not be told again. */
  blank: object
}

/** What was said must not be told again: the events keep their numbers and their shape, and lose their words. */
export async function redactEvents(
  tx: Queryable,
  stream: StreamId,
  { types, about, within, blank }: Redaction,
): Promise<void> {
  const { payload } = streamEvents
  const blanks = asJson(blank)
  await tx
    .update(streamEvents)
    .set({
      payload:
        within === undefined
          ? sql`${payload} || ${blanks}`
          : sql`jsonb_set(${payload}, array[${within}], (${payload} -> ${within}) || ${blanks})`,
    })
    .where(
      and(eq(streamEvents.stream, stream), inArray(streamEvents.type, [...types]), sql`${payload} @> ${asJson(about)}`),
    )
}

const asJson = (value: object): SQL => sql`${JSON.stringify(value)}::text::jsonb`
