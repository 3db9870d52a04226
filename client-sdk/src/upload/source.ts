import { openFile } from './open-file.ts'
import type { UploadSource } from './upload-source.ts'

/** A film whose bytes come as they come. Give `sizeBytes` when it is known: then progress has an end. */
export interface UploadStream {
  stream: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>
  filename: string
  sizeBytes?: number | undefined
}

/** A `File` or `Blob`, a stream, or (in Node) the path of a file. */
export type UploadInput = Blob | UploadStream | string

export async function openSource(input: UploadInput): Promise<UploadSource> {
  if (typeof input === 'string') return openFile(input)
  if (input instanceof Blob) {
    const filename = 'name' in input && typeof input.name === 'string' && input.name ? input.name : 'video'
    const from = (start: number, end: number) => chunksOf(input.slice(start, end).stream())
    return { filename, sizeBytes: input.size, blob: input, bytes: () => chunksOf(input.stream()), from }
  }
  const { stream, filename, sizeBytes = null } = input
  const bytes = () => (Symbol.asyncIterator in stream ? stream : chunksOf(stream))
  return { filename, sizeBytes, blob: null, bytes, from: null }
}

/** Not every browser's streams are iterable yet. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Left early: the source may let go. One that failed by itself can't be cancelled.
    await reader.cancel().catch(() => {})
  }
}
