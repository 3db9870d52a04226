/** Following a stream's log over HTTP: in pages, by waiting, or as server-sent events. */
export type { LogSources } from './follow-log.ts'
export { isFar, replayLimit } from './replay.ts'
export { answerWithEvents } from './send-events.ts'
