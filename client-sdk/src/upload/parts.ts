import type { FileSource } from 'tus-js-client'
import type { UploadSource } from './upload-source.ts'

/** A film whose bytes can be read from anywhere: browsers send a slice of it themselves, Node sends a stream. */
export function createParts(source: UploadSource, isBrowser: boolean): FileSource {
  const size = source.sizeBytes ?? 0
  let sending: { destroy(): unknown } | undefined
  return {
    size,
    async slice(start, end) {
      const until = Math.min(end, size)
      const done = until >= size
      if (isBrowser && source.blob) return { value: source.blob.slice(start, until), done }
      // The one before it was left when its connection broke.
      sending?.destroy()
      const { Readable } = process.getBuiltinModule('node:stream')
      const bytes = Readable.from(source.from?.(start, until) ?? [], { objectMode: false })
      // Tells its length: the request then has a Content-Length.
      sending = Object.assign(bytes, { size: until - start })
      return { value: sending, done }
    },
    close: () => void sending?.destroy(),
  }
}
