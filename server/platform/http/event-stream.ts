import { once } from 'node:events'
import type { Context } from 'koa'

export interface SentEvent {
  event: string
  data: object
  /** What a client that comes back shows as `Last-Event-ID`. */
  id?: number
}

/** Server-sent events (HTML Living Standard, section 9.2). */
export interface EventStream {
  /** False while the receiver has not taken what was sent: what is soon worthless is better left out. */
  readonly isClear: boolean
  /** Resolves when there is space for more. Never rejects: whoever has gone away is told of by the call's signal. */
  send(event: SentEvent): Promise<void>
  end(): void
}

/** A proxy ends what is silent for a minute. */
const keepAliveMs = 15_000

export function openEventStream(ctx: Context, signal: AbortSignal): EventStream {
  const { res } = ctx
  ctx.respond = false
  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    // Else nginx would hold the events until the answer is complete.
    'x-accel-buffering': 'no',
  })
  res.flushHeaders()
  const keepAlive = setInterval(() => res.writable && res.write(':\n\n'), keepAliveMs)
  const stop = () => clearInterval(keepAlive)
  res.once('close', stop)
  // It closed before: nobody is told of it any more.
  if (signal.aborted) stop()
  // It is never silent for so long by itself: nobody takes what is sent.
  res.once('timeout', () => res.destroy())
  return {
    get isClear() {
      return res.writable && !res.writableNeedDrain
    },
    async send({ event, data, id }) {
      if (!res.writable) return
      const head = id === undefined ? '' : `id: ${id}\n`
      const isFull = !res.write(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      // Aborted by the same hanging up that ends the waiting.
      if (isFull) await once(res, 'drain', { signal }).catch(() => {})
    },
    end: () => void res.end(),
  }
}
