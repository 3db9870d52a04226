import { MessageChannel, Worker } from 'node:worker_threads'
import { messageOf } from '../../errors.ts'
import type { EmbeddedWorkerData, FromThread, Order } from './worker.ts'

/** PostgreSQL in its thread, from its start to its end. */
export interface Thread {
  /** Resolves with the reason when it has ended, whoever ended it. */
  ended: Promise<string>
  /** Resolves when it is done. Rejects when it failed, or the thread ended over it. */
  order(order: Order): Promise<void>
  stop(): Promise<void>
}

/** Resolves when it answers on its socket. */
export async function startThread(workerData: EmbeddedWorkerData): Promise<Thread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData })
  const ended = Promise.withResolvers<string>()
  const ready = Promise.withResolvers<void>()
  let reason: string | undefined
  worker.on('message', (message: FromThread) => {
    if (message.say === 'ready') ready.resolve()
    else reason = message.reason
  })
  worker.on('error', fault => {
    reason ??= messageOf(fault)
  })
  worker.once('exit', code => ended.resolve(reason ?? `its thread ended with ${code}`))
  const orEnd = <T>(work: Promise<T>) => Promise.race([work, ended.promise.then(failed)])

  const order = (order: Order) => {
    const { port1: answer, port2: port } = new MessageChannel()
    const done = new Promise<void>((resolve, reject) => {
      answer.once('message', (fault: string | null) => (fault === null ? resolve() : reject(new Error(fault))))
    })
    worker.postMessage({ order, port }, [port])
    return orEnd(done).finally(() => answer.close())
  }
  await orEnd(ready.promise)
  return {
    ended: ended.promise,
    order,
    async stop() {
      // One that ends over its last order leaves what a killed process would: the next start finds its way from there.
      await order({ kind: 'stop' }).catch(() => {})
      await worker.terminate()
    },
  }
}

function failed(reason: string): never {
  throw new Error(reason)
}
