import type { RoomEvent } from '../../shared/index.ts'
import type { HttpCaller } from './http/call.ts'
import { readServerSentEvents } from './http/server-sent-events.ts'
import { mayPass } from './may-pass.ts'
import type { CallOptions } from './options.ts'
import { pause } from './pause.ts'
import { RushesError } from './rushes-error.ts'

export interface FollowOptions extends CallOptions {
  /** Events after this one; from the first when not given. */
  since?: number | undefined
}

const shortestPauseMs = 300
const longestPauseMs = 5_000

/**
 * A room's log without a socket: each event once, in order, as it comes, over as many connections as that takes. Ends
 * with `video.deleted`. Throws `video.not_found`, `auth.*`, or the signal's reason.
 */
export async function* followEvents(
  http: HttpCaller,
  videoId: string,
  { since = 0, signal }: FollowOptions,
): AsyncGenerator<RoomEvent> {
  let seq = since
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      for await (const event of stream(http, videoId, { since: seq, signal })) {
        // A gap. (A number that was there before is of another log: the server was given an older one.)
        if (event.seq > seq + 1) break
        seq = event.seq
        pauseMs = shortestPauseMs
        yield event
        if (event.type === 'video.deleted') return
      }
    } catch (fault) {
      signal?.throwIfAborted()
      if (fault instanceof RushesError && !mayPass(fault)) throw fault
    }
    await pause(pauseMs, signal)
  }
}

async function* stream(http: HttpCaller, id: string, { since, signal }: FollowOptions): AsyncGenerator<RoomEvent> {
  const input = { params: { id }, query: { since } }
  const response = await http.request('videos.events', input, { signal, accept: 'text/event-stream' })
  if (!response.body) return
  for await (const { data, id: seq } of readServerSentEvents(response.body))
    if (seq !== null) yield JSON.parse(data) as RoomEvent
}
