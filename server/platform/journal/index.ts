/** The log of each stream: append in the transaction, group commit, read since, fan out, ask for the jobs that follow. */
export { createJournal, type JournalOptions } from './create-journal.ts'
export type { Insertion } from './insert-and-log.ts'
export type { Append, Journal, Writing } from './journal.ts'
export { type Page, type Position, raiseOrigin } from './read-all.ts'
export { forgetEvents } from './read-events.ts'
export { type Redaction, redactEvents } from './redact-events.ts'
export { markOrigin, streamEvents, streamHeads } from './schema.ts'
export type { Fact } from './write-events.ts'
