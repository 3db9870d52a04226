import { createHash } from 'node:crypto'
import type { Queryable } from './database.ts'

/**
 * Runs a statement that is parsed and planned once a connection, not every time: for the few that run all the time it
 * saves a third of their cost. `text` is a constant of the code, for a connection never forgets one. JSON goes in as
 * `$1::text::jsonb`.
 */
export const runPrepared = <Row>(by: Queryable, text: string, parameters: string[]): Promise<Row[]> =>
  by._.session
    .prepareQuery<{ execute: Row[]; all: never; values: never }>(
      { sql: text, params: parameters },
      undefined,
      createHash('sha1').update(text).digest('hex'),
      false,
    )
    .execute()

/** Runs a text with its parameters as they are, be it several statements: for what is not written by us. */
export const runText = <Row>(by: Queryable, text: string, parameters: unknown[]): Promise<Row[]> =>
  by._.session
    .prepareQuery<{ execute: Row[]; all: never; values: never }>(
      { sql: text, params: parameters },
      undefined,
      undefined,
      false,
    )
    .execute()
