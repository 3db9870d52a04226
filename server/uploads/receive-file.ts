import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BlobDraft, FileWriter, Written } from '../platform/blobs/index.ts'
import { AppError } from '../platform/errors.ts'

/** As much of a file's head as its type is told from. */
export const headBytes = 4096

export interface Received {
  sizeBytes: number
  checksum: string
}
/** What every film is held to while it comes. */
export interface CheckFile {
  maxBytes: number
  /** Throws when the head shows that the file is not wanted. */
  checkHead: (head: Uint8Array) => Promise<unknown>
  signal: AbortSignal
  writer: FileWriter
}
export interface ReceiveOptions extends CheckFile {
  /** Called with how much has come. */
  onBytes?: (bytes: number) => void
}

/** Streams a file into a draft: measured and looked at on the way, hashed and written in another thread, in constant memory. */
export async function receiveFile(source: Readable, draft: BlobDraft, options: ReceiveOptions): Promise<Received> {
  const sink = options.writer.sink(draft.path)
  let sizeBytes = 0
  let head: Buffer | null = Buffer.alloc(0)

  const look = async (enough: boolean) => {
    if (head === null || (!enough && head.length < headBytes)) return
    const looked = head
    head = null
    await options.checkHead(looked)
  }
  const meter = new Transform({
    readableHighWaterMark: 1024 * 1024,
    writableHighWaterMark: 1024 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length
      if (sizeBytes > options.maxBytes) return done(tooLarge(options.maxBytes))
      options.onBytes?.(sizeBytes)
      if (head === null) return done(null, chunk)
      head = Buffer.concat([head, chunk.subarray(0, headBytes)])
      look(false).then(() => done(null, chunk), done)
    },
    flush(done) {
      look(true).then(() => done(), done)
    },
  })
  await pipeline(source, meter, sink, { signal: options.signal })
  return receivedOf(sink.written())
}

export const receivedOf = ({ sizeBytes, sha256 }: Written): Received => ({ sizeBytes, checksum: `sha256:${sha256}` })

export const moreThanAnnounced = () => new AppError('upload.too_large', 'More bytes came than were announced.')
export const tooLarge = (maxBytes: number) =>
  new AppError(
    'upload.too_large',
    `The file is larger than this server takes: ${maxBytes} bytes at most (MAX_UPLOAD_BYTES).`,
    { details: { maxBytes } },
  )
