import type { Context } from 'koa'
import { type EventOf, type StreamId, WrittenSequence } from '../../../shared/index.ts'
import { AppError } from '../errors.ts'
import { openEventStream } from '../http/index.ts'
import type { Tell } from '../hub/index.ts'
import { parseInput } from '../parse-input.ts'
import { followLog, type LogSources } from './follow-log.ts'

/** What the address of a log was asked with. */
export interface Asked<S extends StreamId> {
  stream: S
  since: number
  limit: number
  waitSeconds: number
  ctx: Context
  signal: AbortSignal
  /** After this one there is nothing more to come. */
  isLast?: (event: EventOf<S>) => boolean
}

/**
 * A stream's log over HTTP: what lies after `since`; where there is nothing yet, what comes within `waitSeconds`; or, to
 * those who accept that, all that comes as server-sent events, which go on after the last id that a browser has seen.
 * Throws `request.invalid` for a place that lies ahead of the log.
 */
export async function answerWithEvents<S extends StreamId>(sources: LogSources, asked: Asked<S>) {
  const { ctx, since } = asked
  // Server-sent events of which no body is wanted would never end.
  const wantsAll = ctx.accepts('application/json', 'text/event-stream') === 'text/event-stream'
  if (!wantsAll || ctx.method === 'HEAD') return { events: await awaitEvents(sources, asked) }
  const seen = ctx.get('last-event-id')
  await sendEvents(sources, {
    ...asked,
    since: seen === '' ? since : parseInput(WrittenSequence, seen, 'header Last-Event-ID'),
  })
  // The answer is out; a handler must give one all the same.
  return { events: [] }
}

/** Each event under its type with its `seq` as `id`, and passing notices without an id. */
async function sendEvents<S extends StreamId>(
  sources: LogSources,
  { stream, since, ctx, signal, isLast = () => false }: Asked<S>,
): Promise<void> {
  const sent = openEventStream(ctx, signal)
  // Left out for a receiver that is behind: the log is what it gets whole.
  const onNotice: Tell = (event, data) => void (sent.isClear && sent.send({ event, data }))
  try {
    for await (const events of followLog(sources, { stream, since, signal, onNotice })) {
      for (const event of events) await sent.send({ event: event.type, data: event, id: event.seq })
      if (events.some(isLast)) return
    }
  } finally {
    sent.end()
  }
}

/** Whoever waited would not hear of what happens next, and ask again for ever. */
const aheadOf = (head: number) =>
  new AppError(
    'request.invalid',
    `\`since\` lies ahead of this log, which is at ${head}: it is of another log. Ask from 0 on.`,
  )

async function awaitEvents<S extends StreamId>(
  sources: LogSources,
  { stream, since, limit, waitSeconds, signal }: Asked<S>,
): Promise<EventOf<S>[]> {
  const there = await sources.journal.since(stream, since, limit)
  if (there.length > 0 || waitSeconds === 0) return there
  const head = await sources.journal.head(stream)
  if (since > head) throw aheadOf(head)
  const until = AbortSignal.any([signal, AbortSignal.timeout(waitSeconds * 1000)])
  for await (const events of followLog(sources, { stream, since, signal: until })) return events.slice(0, limit)
  return []
}
