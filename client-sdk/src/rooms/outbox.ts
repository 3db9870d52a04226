import type { SocketAnswers, SocketRequestInput } from '../../../shared/index.ts'
import { createDeferred, type Deferred } from '../deferred.ts'
import { pause } from '../pause.ts'
import { RushesError } from '../rushes-error.ts'
import type { SocketRequester } from './link.ts'

type Repeatable = 'message.send' | 'question.ask'

/** Sends what carries a `clientId` until it is acknowledged: again after a time-out, again on the next connection. */
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

const passing = new Set(['network', 'server.busy', 'server.stopping', 'request.rate_limited', 'room.not_joined'])
const retryMs = 1000

export function createOutbox(request: SocketRequester): Outbox {
  const entries = new Set<Entry>()
  let isOpen = false
  let ended: RushesError | undefined

  const deliver = async (entry: Entry) => {
    if (entry.isTrying) return
    entry.isTrying = true
    while (isOpen && entries.has(entry)) {
      try {
        entry.delivered.resolve(await request(entry.name, entry.payload as SocketRequestInput<typeof entry.name>))
        entries.delete(entry)
      } catch (fault) {
        if (!isPassing(fault, entry)) {
          entries.delete(entry)
          entry.delivered.reject(fault)
        } else if (isOpen) await pause(retryMs, undefined)
      }
    }
    entry.isTrying = false
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

/** A question that finds the room busy is refused: whoever asked decides when to ask again. */
const isPassing = (fault: unknown, { name }: Entry): boolean =>
  fault instanceof RushesError && passing.has(fault.code) && !(name === 'question.ask' && fault.code === 'server.busy')
