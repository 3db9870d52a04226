import type { Worker } from 'node:worker_threads'
import { messageOf } from '../../errors.ts'
import { storageFault } from '../disk-faults.ts'
import type { WriterAnswer, WriterOrder } from './orders.ts'

/** What became of an order. */
export type Heard = Exclude<WriterAnswer, { answer: 'failed' }> | { answer: 'failed'; fault: Error }

/** The orders about one file. They end with `ended` or `failed`, whatever happens to the thread. */
export interface Run {
  /** Harmless when it is over. */
  give(order: OrderOf<WriterOrder>, transfer?: ArrayBuffer[]): void
  isOver(): boolean
}
type OrderOf<Order> = Order extends unknown ? Omit<Order, 'writing'> : never

export interface WritingThread {
  /** `listen` hears the answers, never before this has returned. */
  begin(listen: (heard: Heard) => void): Run
  /** Answers whatever is under way; nothing more can be asked of it. */
  lose(fault: Error): void
  terminate(): Promise<void>
}

/** The orders that are under way in one thread, each of which gets its answer: from the thread, or because it is lost. */
export function createWritingThread(thread: Worker): WritingThread {
  const listeners = new Map<number, (heard: Heard) => void>()
  let count = 0
  let lost: Error | undefined

  const tell = (writing: number, heard: Heard) => {
    const listen = listeners.get(writing)
    if (heard.answer !== 'wrote' && listeners.delete(writing) && listeners.size === 0) thread.unref()
    listen?.(heard)
  }
  const fail = (writing: number, fault: Error) => tell(writing, { answer: 'failed', fault })
  const lose = (fault: Error) => {
    lost ??= fault
    for (const writing of [...listeners.keys()]) fail(writing, lost)
  }
  thread.unref()
  thread.on('message', (answer: WriterAnswer) => tell(answer.writing, heardOf(answer)))

  return {
    lose,
    begin(listen) {
      const writing = ++count
      // A process that has nothing else to do must not end before the file is written.
      if (listeners.size === 0) thread.ref()
      listeners.set(writing, listen)
      if (lost) queueMicrotask(() => lost && fail(writing, lost))
      return {
        isOver: () => !listeners.has(writing),
        give(order, transfer = []) {
          if (!listeners.has(writing)) return
          try {
            thread.postMessage({ ...order, writing }, transfer)
          } catch (fault) {
            queueMicrotask(() => fail(writing, new Error(`The writer's thread can't be told: ${messageOf(fault)}`)))
          }
        },
      }
    },
    terminate: async () => void (await thread.terminate()),
  }
}

function heardOf(answer: WriterAnswer): Heard {
  if (answer.answer !== 'failed') return answer
  const { code, message } = answer
  return { answer: 'failed', fault: storageFault(Object.assign(new Error(message), { code })) }
}
