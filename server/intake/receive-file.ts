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

/** Streams a file into a draft: measured and looked at on the way, hashed and written in another thread, in constant memory. */
export async function receiveFile(
  source: Readable,
  draft: BlobDraft,
  check: CheckFile & Pick<Measuring, 'onBytes'>,
): Promise<Received> {
  const sink = check.writer.sink(draft.path)
  await pipeline(source, createMeter(check), sink, { signal: check.signal })
  return receivedOf(sink.written())
}

export interface Measuring extends Pick<CheckFile, 'maxBytes' | 'checkHead'> {
  /** So many are there already, and were looked at: what passes here goes on after them. */
  afterBytes?: number
  /** Called with how much has come. */
  onBytes?: (bytes: number) => void
}

/** Passes a file on, and holds it to what is taken: fails as soon as it is too large, or its head shows that it is not wanted. */
export function createMeter({ maxBytes, checkHead, afterBytes = 0, onBytes }: Measuring): Transform {
  let sizeBytes = afterBytes
  let head: Buffer | null = afterBytes === 0 ? Buffer.alloc(0) : null

  const look = async (enough: boolean) => {
    if (head === null || (!enough && head.length < headBytes)) return
    const looked = head
    head = null
    await checkHead(looked)
  }
  return new Transform({
    readableHighWaterMark: 1024 * 1024,
    writableHighWaterMark: 1024 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length
      if (sizeBytes > maxBytes) return done(tooLarge(maxBytes))
      onBytes?.(sizeBytes)
      if (head === null) return done(null, chunk)
      head = Buffer.concat([head, chunk.subarray(0, headBytes)])
      look(false).then(() => done(null, chunk), done)
    },
    flush(done) {
      look(true).then(() => done(), done)
    },
  })
}

export const receivedOf = ({ sizeBytes, sha256 }: Written): Received => ({ sizeBytes, checksum: `sha256:${sha256}` })

export const moreThanAnnounced = () => new AppError('upload.too_large', 'More bytes came than were announced.')
export const tooLarge = (maxBytes: number) =>
  new AppError(
    'upload.too_large',
    `The file is larger than this server takes: ${maxBytes} bytes at most (MAX_UPLOAD_BYTES).`,
    { details: { maxBytes } },
  )
