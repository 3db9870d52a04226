import type { RequestOptions } from './http/call.ts'
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

/** Asks for the events after `since` as server-sent events. */
type Request = (since: number, options: RequestOptions) => Promise<Response>

/**
 * A log without a socket: each event once, in order, as it comes, over as many connections as that takes. Ends after the
 * one that `isLast` says so of. Throws what the server refuses with, or the signal's reason.
 */
export async function* followLog<E extends { seq: number }>(
  request: Request,
  { since = 0, signal }: FollowOptions,
  isLast: (event: E) => boolean = () => false,
): AsyncGenerator<E> {
  let seq = since
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      for await (const event of stream<E>(request, { since: seq, signal })) {
        // A gap. (A number that was there before is of another log: the server was given an older one.)
        if (event.seq > seq + 1) break
        seq = event.seq
        pauseMs = shortestPauseMs
        yield event
        if (isLast(event)) return
      }
    } catch (fault) {
      signal?.throwIfAborted()
      if (fault instanceof RushesError && !mayPass(fault)) throw fault
    }
    await pause(pauseMs, signal)
  }
}

async function* stream<E>(request: Request, { since = 0, signal }: FollowOptions): AsyncGenerator<E> {
  const response = await request(since, { signal, accept: 'text/event-stream' })
  if (!response.body) return
  for await (const { data, id: seq } of readServerSentEvents(response.body))
    if (seq !== undefined) yield JSON.parse(data) as E
}
