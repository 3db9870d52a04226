import type { SocketAnswers, SocketRequestInput } from '../../../shared/index.ts'
import { createDeferred, type Deferred } from '../deferred.ts'
import { mayPass } from '../may-pass.ts'
import { pause } from '../pause.ts'
import { RushesError } from '../rushes-error.ts'
import { retryAfterMsOf } from '../when-allowed.ts'
import type { SocketRequester } from './link.ts'

type Repeatable = 'message.send' | 'question.ask'

/**
 * Sends what carries a `clientId` until it is acknowledged: again after a time-out, again on the next connection. Once the
 * server says that it is too fast, what is not under way goes one by one, in the order in which it was given, as fast as
 * it may.
 */
export interface Outbox {
  send<N extends Repeatable>(
    name: N,
    payload: SocketRequestInput<N>,
    signal?: AbortSignal | undefined,
  ): Promise<SocketAnswers[N]>
  /** The room is joined: what waits is sent, in the order in which it was given. */
  open(): void
  /** The connection is gone: what is unacknowledged waits for the next one. */
  close(): void
  /** Nothing more is sent. */
  abandon(reason: RushesError): void
}

interface Entry {
  name: Repeatable
  payload: SocketRequestInput<Repeatable>
  delivered: Deferred<unknown>
  isTrying: boolean
}

const retryMs = 1000

export function createOutbox(request: SocketRequester): Outbox {
  const entries = new Set<Entry>()
  let isOpen = false
  let ended: RushesError | undefined
  /** The server asked for patience, and not everything is sent yet. */
  let isSlow = false
  let isDraining = false

  /** Resolves to how long to wait before the next attempt; 0 when the entry needs none. */
  const attempt = async (entry: Entry): Promise<number> => {
    try {
      entry.delivered.resolve(await request(entry.name, entry.payload as SocketRequestInput<typeof entry.name>))
    } catch (fault) {
      const retryAfterMs = retryAfterMsOf(fault)
      if (retryAfterMs !== undefined) isSlow = true
      if (isPassing(fault, entry)) return retryAfterMs ?? retryMs
      entry.delivered.reject(fault)
    }
    entries.delete(entry)
    return 0
  }
  const deliver = async (entry: Entry) => {
    if (entry.isTrying) return
    entry.isTrying = true
    let waitMs = 0
    while (isOpen && !isSlow && entries.has(entry)) {
      waitMs = await attempt(entry)
      if (waitMs > 0 && isOpen && !isSlow) await pause(waitMs, undefined)
    }
    entry.isTrying = false
    if (isSlow) void drain(waitMs)
  }
  const drain = async (firstWaitMs: number) => {
    if (isDraining) return
    isDraining = true
    for (let waitMs = firstWaitMs; isOpen && entries.size > 0; ) {
      if (waitMs > 0) await pause(waitMs, undefined)
      const next = [...entries].find(entry => !entry.isTrying)
      waitMs = next ? await attempt(next) : retryMs
    }
    isDraining = false
    isSlow = entries.size > 0
  }

  return {
    async send(name, payload, signal) {
      signal?.throwIfAborted()
      if (ended) throw ended
      const entry: Entry = { name, payload, delivered: createDeferred(), isTrying: false }
      const withdraw = () => {
        entries.delete(entry)
        entry.delivered.reject(signal?.reason)
      }
      signal?.addEventListener('abort', withdraw, { once: true })
      entries.add(entry)
      void deliver(entry)
      const answer = await entry.delivered.promise.finally(() => signal?.removeEventListener('abort', withdraw))
      return answer as SocketAnswers[typeof name]
    },
    open() {
      isOpen = true
      for (const entry of entries) void deliver(entry)
    },
    close() {
      isOpen = false
    },
    abandon(reason) {
      ended = reason
      isOpen = false
      for (const entry of entries) entry.delivered.reject(reason)
      entries.clear()
    },
  }
}

/**
 * The connection may be back, and not in the room yet. What makes the server fail would do so again and again; a question
 * that finds the room busy is refused: whoever asked decides when to ask again.
 */
function isPassing(fault: unknown, { name }: Entry): boolean {
  const code = fault instanceof RushesError ? fault.code : undefined
  if (code === 'server.internal' || (name === 'question.ask' && code === 'server.busy')) return false
  return code === 'room.not_joined' || mayPass(fault)
}
