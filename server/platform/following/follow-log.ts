import { type EventOf, type EventsFrame, eventNotices, type StreamId } from '../../../shared/index.ts'
import type { Hub, Tell } from '../hub/index.ts'
import type { Journal } from '../journal/index.ts'

export interface LogSources {
  journal: Pick<Journal, 'since' | 'head'>
  listen: Hub['listen']
}

export interface Following<S extends StreamId> {
  stream: S
  since: number
  signal: AbortSignal
  /** Given what is told meanwhile and is not of the log. */
  onNotice?: Tell
}

const pageSize = 500
/** Frames that may wait for their reader; more are read from the log when it comes to them. */
const mostWaiting = 200

/** A stream's log after `since`, as it grows: each event once, in order, in the pieces in which they come. Ends with the signal. */
export async function* followLog<S extends StreamId>(
  { journal, listen }: LogSources,
  { stream, since, signal, onNotice = () => {} }: Following<S>,
): AsyncGenerator<EventOf<S>[]> {
  const live = createWaitingFrames<EventOf<S>>(signal)
  const stop = listen(stream, (name, payload) => {
    if (eventNotices.has(name)) live.push((payload as Pick<EventsFrame<S>, 'events'>).events)
    else onNotice(name, payload)
  })
  try {
    // From here on the stream's position is known, and what other servers commit is found. Whose own lies ahead of it had it
    // from another log (a backup was restored): they hear of what happens next.
    let seq = Math.min(since, await journal.head(stream))
    while (!signal.aborted) {
      const missed = await journal.since(stream, seq, pageSize)
      if (missed.length > 0) yield missed
      seq = missed.at(-1)?.seq ?? seq
      if (missed.length === pageSize) continue
      for (let next = await live.next(); next; next = await live.next()) {
        const fresh = next.filter(event => event.seq > seq)
        if ((fresh[0]?.seq ?? seq + 1) > seq + 1) break
        seq = fresh.at(-1)?.seq ?? seq
        if (fresh.length > 0) yield fresh
      }
    }
  } finally {
    stop()
  }
}

/** Frames in the order in which they came. Where some had to be dropped, the next one does not follow the last. */
function createWaitingFrames<E>(signal: AbortSignal) {
  const frames: E[][] = []
  let wake = () => {}
  signal.addEventListener('abort', () => wake(), { once: true })
  return {
    push(events: E[]) {
      if (frames.length >= mostWaiting) frames.shift()
      frames.push(events)
      wake()
    },
    /** Null when the signal was aborted. */
    async next(): Promise<E[] | null> {
      while (frames.length === 0 && !signal.aborted)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      return signal.aborted ? null : (frames.shift() ?? null)
    },
  }
}
