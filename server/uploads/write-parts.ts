import { pipeline } from 'node:stream/promises'
import type { FileStore } from '@tus/file-store'
import type { FileWriter } from '../platform/blobs/index.ts'

/**
 * Lets the writer's thread write the parts of resumable uploads, which knows the checksum of the whole when the last one
 * is there. A part that broke off is written as far as it came before anybody may look at the file.
 */
export function writeParts(store: FileStore, { directory, writer }: { directory: string; writer: FileWriter }): void {
  store.write = async (source, id, offset) => {
    const sink = writer.sink(`${directory}/${id}`, { offset, keep: true })
    try {
      await pipeline(source, sink)
    } finally {
      // Not `once`: it would not wait after an error.
      if (!sink.closed) await new Promise<void>(done => sink.once('close', () => done()))
    }
    return sink.written().sizeBytes
  }
}
