import { once } from 'node:events'
import type { FileHandle } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { storageFault } from './disk-faults.ts'
import { writeAll } from './write-all.ts'

/** What may wait while the disk writes: then it leaves in one call. */
const highWaterMark = 1024 * 1024

/** A stream into a file that owns the file's handle. `settle` resolves when the handle is closed and nothing is left to write. */
export function createFileSink(file: FileHandle): Writable & { settle(): Promise<void> } {
  let touched = false
  const write = (buffers: Buffer[], done: (fault?: Error | null) => void) => {
    touched = true
    finish(writeAll(file, buffers), done)
  }
  const sink = new Writable({
    highWaterMark,
    write: (chunk: Buffer, _encoding, done) => write([chunk], done),
    writev: (chunks, done) =>
      write(
        chunks.map(({ chunk }) => chunk),
        done,
      ),
    destroy: (fault, done) => finish(file.close(), closing => done(fault ?? closing)),
  })
  // A draft may be thrown away while a write is under way; whoever writes sees the fault through its own pipeline.
  sink.on('error', () => {})
  return Object.assign(sink, {
    async settle() {
      if (sink.errored) throw sink.errored
      if (!touched) sink.end()
      if (!sink.writableEnded) throw new Error('The draft is still being written.')
      if (!sink.closed) await once(sink, 'close')
      if (sink.errored) throw sink.errored
    },
  })
}

function finish(work: Promise<void>, done: (fault?: Error | null) => void): void {
  work.then(
    () => done(null),
    fault => done(storageFault(fault)),
  )
}
