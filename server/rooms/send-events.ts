import type { Context } from 'koa'
import type { RoomEvent, VideoId } from '../../shared/index.ts'
import { AppError } from '../platform/errors.ts'
import { openEventStream } from '../platform/http/index.ts'
import type { Tell } from '../platform/hub/index.ts'
import { followLog, type LogSources } from './follow-log.ts'

interface Stream {
  videoId: VideoId
  since: number
  ctx: Context
  signal: AbortSignal
}

/**
 * The room as server-sent events: its log from `since` on, each event under its type with its `seq` as `id`, and the
 * notices of the moment without an id. A browser that comes back shows the last id, and goes on there. Ends when the
 * video is deleted.
 */
export async function sendEvents(sources: LogSources, { videoId, since, ctx, signal }: Stream): Promise<void> {
  const stream = openEventStream(ctx, signal)
  // Left out for a receiver that is behind: the log is what it gets whole.
  const onNotice: Tell = (event, data) => void (stream.isClear && stream.send({ event, data }))
  try {
    for await (const events of followLog(sources, { videoId, since, signal, onNotice })) {
      for (const event of events) await stream.send({ event: event.type, data: event, id: event.seq })
      if (events.some(({ type }) => type === 'video.deleted')) return
    }
  } finally {
    stream.end()
  }
}

/** Whoever waited would not hear of what is said next, and ask again for ever. */
const aheadOf = (head: number) =>
  new AppError(
    'request.invalid',
    `\`since\` lies ahead of this room's log, which is at ${head}: it is of another log. Ask from 0 on.`,
  )

/** The events after `since`; where there are none yet, those that come within `waitSeconds`. Throws `request.invalid`. */
export async function awaitEvents(
  sources: LogSources,
  asked: { videoId: VideoId; since: number; limit: number; waitSeconds: number; signal: AbortSignal },
): Promise<RoomEvent[]> {
  const { videoId, since, limit, waitSeconds } = asked
  const there = await sources.journal.since(videoId, since, limit)
  if (there.length > 0 || waitSeconds === 0) return there
  const head = await sources.journal.head(videoId)
  if (since > head) throw aheadOf(head)
  const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(waitSeconds * 1000)])
  for await (const events of followLog(sources, { videoId, since, signal })) return events.slice(0, limit)
  return []
}
