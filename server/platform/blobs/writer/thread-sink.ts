import { Writable } from 'node:stream'
import { createBatch } from './batch.ts'
import type { WriterSink, Written } from './writer-sink.ts'
import type { WritingThread } from './writing-thread.ts'

/** A slow sender's bytes wait no longer than this for company: what a server that is killed had not written is lost. */
const lingerMs = 100
/** Bytes on their way to the thread and not yet written: then whoever sends has to wait. */
const mostUnderWay = 8 * 1024 * 1024

export interface SinkFile {
  path: string
  offset: number
  keep: boolean
}

/** A stream whose bytes a thread writes. */
export function createThreadSink(thread: WritingThread, { path, offset, keep }: SinkFile): WriterSink {
  const batch = createBatch()
  const over = Promise.withResolvers<void>()
  let underWay = 0
  let goOn: (() => void) | undefined
  let result: Written | undefined
  let failure: Error | undefined
  let lingering: NodeJS.Timeout | undefined

  const run = thread.begin(heard => {
    if (heard.answer === 'wrote') underWay -= heard.bytes
    else if (heard.answer === 'ended') result = heard
    else failure = heard.fault
    if (run.isOver()) over.resolve()
    if (underWay < mostUnderWay || failure) resume()
    if (failure) sink.destroy(failure)
  })
  const resume = () => {
    const next = goOn
    goOn = undefined
    next?.()
  }
  const post = () => {
    clearTimeout(lingering)
    lingering = undefined
    const { chunks, transfer, sizeBytes } = batch.take()
    if (sizeBytes === 0) return
    underWay += sizeBytes
    run.give({ order: 'write', chunks }, transfer)
  }
  let ending: Promise<void> | undefined
  const end = () => {
    if (!ending) run.give({ order: 'end', keep })
    ending = over.promise
    return ending
  }

  run.give({ order: 'open', path, offset })
  const sink = new Writable({
    highWaterMark: 1024 * 1024,
    write(chunk: Buffer, _encoding, done) {
      if (batch.add(chunk)) post()
      else lingering ??= setTimeout(post, lingerMs)
      if (underWay < mostUnderWay || run.isOver()) done(failure)
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
}
