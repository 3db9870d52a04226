import { read } from 'node:fs'
import { OutgoingMessage } from 'node:http'
import type { Writable } from 'node:stream'
import type { ReadBuffers } from './read-buffers.ts'

export interface FileSpan {
  /** A file descriptor, open for reading. */
  fd: number
  start: number
  /** Inclusive. */
  end: number
}

/** Sends a span of a file with back-pressure; returns early when `to` is closed. */
export async function sendFile(span: FileSpan, to: Writable, buffers: ReadBuffers): Promise<void> {
  // A socket is done with a chunk when it calls back; any other stream may have handed it on to somebody.
  const lent = to instanceof OutgoingMessage
  let position = span.start
  while (position <= span.end && !to.destroyed) {
    const wanted = span.end - position + 1
    const buffer = buffers.lend(wanted)
    let reusable = false
    try {
      const bytes = await readInto(buffer, Math.min(wanted, buffer.length), { fd: span.fd, position })
      if (to.destroyed) {
        reusable = true
        return
      }
      reusable = (await writeTo(to, buffer.subarray(0, bytes))) && lent
      position += bytes
    } finally {
      buffers.giveBack(buffer, reusable)
    }
  }
}

function readInto(buffer: Buffer, length: number, from: { fd: number; position: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    read(from.fd, buffer, 0, length, from.position, (fault, bytes) => {
      if (fault) reject(fault)
      else if (bytes === 0) reject(new Error('The file is shorter than it was when it was opened.'))
      else resolve(bytes)
    })
  })
}

/** True once the bytes are out; false when `to` was closed before. */
export function writeTo(to: Writable, bytes: Buffer): Promise<boolean> {
  return new Promise(resolve => {
    const gone = () => resolve(false)
    to.once('close', gone)
    to.write(bytes, fault => {
      to.off('close', gone)
      resolve(!fault)
    })
  })
}
