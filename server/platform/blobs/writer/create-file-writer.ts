import { Writable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../errors.ts'
import { storageFault } from '../disk-faults.ts'
import { createBatch } from './batch.ts'
import type { WriterAnswer, WriterOrder } from './orders.ts'

export interface Written {
  sizeBytes: number
  /** SHA-256 of the whole file, hexadecimal; null when not all of it was written by this writer, one part after the other. */
  sha256: string | null
}
/** Destroyed, it keeps what the thread has got. Either way it is closed only when the thread is done with the file. */
export interface WriterSink extends Writable {
  /** Throws before the stream has finished. */
  written(): Written
}
export interface FileWriter {
  /**
   * A stream into a file, from `offset` on; 0 empties it. Buffers that are written are taken: their bytes are gone from
   * whoever keeps them. `keep`: the file will be gone on with, so its checksum so far is remembered.
   */
  sink(path: string, options?: { offset?: number; keep?: boolean }): WriterSink
  /** SHA-256 of a file: known from its writing, or counted in the thread. */
  digest(path: string, signal?: AbortSignal): Promise<Written>
  stop(): Promise<void>
}

/** A slow sender's bytes wait no longer than this for company: what a server that is killed had not written is lost. */
const lingerMs = 100
/** Bytes on their way to the thread and not yet written: then whoever sends has to wait. */
const mostUnderWay = 8 * 1024 * 1024

/**
 * Writes files in a thread of its own, and counts their SHA-256 there: a large upload costs the main thread the reading of
 * its socket and no more. The thread starts with the first file.
 */
export function createFileWriter(): FileWriter {
  const listeners = new Map<number, (answer: WriterAnswer) => void>()
  let count = 0
  let thread: Worker | undefined
  let stopped = false

  function start(): Worker {
    if (stopped) throw new AppError('server.stopping', 'The server is stopping.')
    const started = new Worker(new URL('./writer-thread.ts', import.meta.url))
    started.unref()
    started.on('message', (answer: WriterAnswer) => listeners.get(answer.writing)?.(answer))
    started.on('error', fault => lose(started, fault.message))
    started.on('exit', () => lose(started, 'it ended'))
    return started
  }
  function lose(lost: Worker, message: string): void {
    if (thread === lost) thread = undefined
    for (const [writing, listen] of listeners)
      listen({
        writing,
        answer: 'failed',
        code: undefined,
        message: `the thread that writes files is lost: ${message}`,
      })
  }
  function send(order: WriterOrder, transfer: ArrayBuffer[] = []): void {
    thread ??= start()
    thread.postMessage(order, transfer)
  }
  function begin(listen: (answer: WriterAnswer) => void): number {
    const writing = ++count
    listeners.set(writing, answer => {
      if (answer.answer !== 'wrote') listeners.delete(writing)
      listen(answer)
    })
    return writing
  }

  return {
    sink: (path, { offset = 0, keep = false } = {}) => {
      const batch = createBatch()
      let underWay = 0
      let goOn: (() => void) | undefined
      let result: Written | undefined
      let failure: Error | undefined
      const ended = Promise.withResolvers<void>()
      const writing = begin(answer => {
        if (answer.answer === 'wrote') underWay -= answer.bytes
        else if (answer.answer === 'ended') result = answer
        else {
          failure ??= storageFault(Object.assign(new Error(answer.message), { code: answer.code }))
          sink.destroy(failure)
        }
        if (answer.answer !== 'wrote') ended.resolve()
        if (underWay < mostUnderWay || failure) resume()
      })
      send({ order: 'open', writing, path, offset })
      const resume = () => {
        const next = goOn
        goOn = undefined
        next?.()
      }
      let lingering: NodeJS.Timeout | undefined
      const post = () => {
        clearTimeout(lingering)
        lingering = undefined
        const { chunks, transfer, sizeBytes } = batch.take()
        if (sizeBytes === 0) return
        underWay += sizeBytes
        send({ order: 'write', writing, chunks }, transfer)
      }
      const end = () => {
        if (listeners.has(writing)) send({ order: 'end', writing, keep })
        return ended.promise
      }
      const sink = new Writable({
        highWaterMark: 1024 * 1024,
        write(chunk: Buffer, _encoding, done) {
          if (batch.add(chunk)) post()
          else lingering ??= setTimeout(post, lingerMs)
          if (underWay < mostUnderWay) done(failure)
          else goOn = () => done(failure)
        },
        final(done) {
          post()
          end().then(() => done(failure))
        },
        destroy(fault, done) {
          clearTimeout(lingering)
          end().then(() => done(fault))
        },
      })
      // Whoever writes sees the fault through its own pipeline.
      sink.on('error', () => {})
      return Object.assign(sink, {
        written(): Written {
          if (!result) throw new Error('The file is still being written.')
          return result
        },
      })
    },
    digest(path, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<Written>()
      const writing = begin(answer => {
        if (answer.answer === 'ended') resolve(answer)
        else if (answer.answer === 'failed')
          reject(storageFault(Object.assign(new Error(answer.message), { code: answer.code })))
      })
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      send({ order: 'digest', writing, path })
      return promise
    },
    async stop() {
      stopped = true
      await thread?.terminate()
    },
  }
}
