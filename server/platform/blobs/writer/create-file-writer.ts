import { Worker } from 'node:worker_threads'
import { AppError, fail, messageOf } from '../../errors.ts'
import { createThreadSink } from './thread-sink.ts'
import type { WriterSink, Written } from './writer-sink.ts'
import { createWritingThread, type WritingThread } from './writing-thread.ts'

export interface FileWriter {
  /**
   * A stream into a file, from `offset` on; 0 empties it. Buffers that are written are taken: their bytes are gone from
   * whoever keeps them. `keep`: the file will be gone on with, so its checksum so far is remembered. Throws
   * `server.stopping`; the stream fails with `storage.unavailable` when the thread is lost.
   */
  sink(path: string, options?: { offset?: number; keep?: boolean }): WriterSink
  /** SHA-256 of a file: known from its writing, or counted in the thread. */
  digest(path: string, signal?: AbortSignal): Promise<Written>
  /** What is under way fails with `server.stopping`. */
  stop(): Promise<void>
}

const startThread = () => new Worker(new URL('./writer-thread.ts', import.meta.url))

/**
 * Writes files in a thread of its own, and counts their SHA-256 there: a large upload costs the main thread the reading of
 * its socket and no more. The thread starts with the first file; the file after a thread that was lost starts another.
 */
export function createFileWriter({ start = startThread }: { start?: () => Worker } = {}): FileWriter {
  let current: WritingThread | undefined
  let stopped = false

  function open(): WritingThread {
    const worker = start()
    const thread = createWritingThread(worker)
    const lose = (why: string) => {
      if (current === thread) current = undefined
      thread.lose(lostThread(why))
    }
    worker.on('error', fault => lose(messageOf(fault)))
    worker.on('messageerror', fault => lose(messageOf(fault)))
    worker.on('exit', () => lose('it ended'))
    return thread
  }
  function take(): WritingThread {
    if (stopped) throw stopping()
    try {
      current ??= open()
      return current
    } catch (fault) {
      throw lostThread(messageOf(fault))
    }
  }

  return {
    sink: (path, { offset = 0, keep = false } = {}) => createThreadSink(take(), { path, offset, keep }),
    async digest(path, signal) {
      signal?.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<Written>()
      const run = take().begin(heard => {
        if (heard.answer === 'ended') resolve(heard)
        else if (heard.answer === 'failed') reject(heard.fault)
      })
      const abort = () => reject(signal?.reason)
      signal?.addEventListener('abort', abort)
      run.give({ order: 'digest', path })
      return await promise.finally(() => signal?.removeEventListener('abort', abort))
    },
    async stop() {
      stopped = true
      current?.lose(stopping())
      await current?.terminate()
    },
  }
}

const stopping = () => fail('server.stopping')
const lostThread = (why: string) =>
  new AppError('storage.unavailable', `The thread that writes files is lost (${why}). Send it again.`)
