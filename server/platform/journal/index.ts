/** The room log: append in the transaction, group commit, read since, fan out, enqueue what the pipeline says. */
export { createJournal, type JournalOptions } from './create-journal.ts'
export type { Insertion } from './insert-and-log.ts'
export type { Append, Journal } from './journal.ts'
export { forgetEvents } from './read-events.ts'
export { type Redaction, redactEvents } from './redact-events.ts'
export { roomEvents, roomHeads } from './schema.ts'
