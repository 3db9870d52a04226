// The thread of a file writer: counts the checksum of what it is handed while the bytes of before are being written.
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { parentPort } from 'node:worker_threads'
import { writeAll } from '../write-all.ts'
import { createKnownHashes } from './known-hashes.ts'
import type { WriterAnswer, WriterOrder } from './orders.ts'

interface Writing {
  path: string
  opening: Promise<FileHandle>
  /** Null when bytes before the first one did not go through here. */
  hash: Hash | null
  position: number
  /** The writes so far, one after the other. */
  written: Promise<void>
}

const readBytes = 1024 * 1024
const writings = new Map<number, Writing>()
const known = createKnownHashes()

const tell = (answer: WriterAnswer) => parentPort?.postMessage(answer)
/** Ends a file that can't be written or read, whether or not it was opened. Of several faults the first one is heard. */
const failed = (writing: number) => (fault: NodeJS.ErrnoException) => {
  const opening = writings.get(writing)?.opening
  writings.delete(writing)
  opening?.then(file => file.close()).catch(() => {}) // it never opened
  tell({ writing, answer: 'failed', code: fault.code, message: fault.message })
}

function begin(id: number, path: string, offset: number): void {
  const opening = open(path, offset === 0 ? 'w' : 'r+')
  const hash = offset === 0 ? createHash('sha256') : null
  const writing: Writing = { path, opening, hash, position: offset, written: opening.then(() => {}) }
  // Its fault is told by the write or the end that follows.
  writing.written.catch(() => {})
  writings.set(id, writing)
}

/** Goes on with the checksum of a file that was begun here and that nobody has touched since. */
async function goOn(id: number, path: string, offset: number): Promise<void> {
  const hash = await known.take(path, offset)
  begin(id, path, offset)
  const writing = writings.get(id)
  if (writing) writing.hash = hash
}

function write(id: number, chunks: Uint8Array[]): void {
  const writing = writings.get(id)
  if (!writing) return
  const { position } = writing
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  writing.position += bytes
  writing.written = writing.written.then(async () => writeAll(await writing.opening, chunks, position))
  writing.written.then(() => tell({ writing: id, answer: 'wrote', bytes }), failed(id))
  for (const chunk of chunks) writing.hash?.update(chunk)
}

async function end(id: number, keep: boolean): Promise<void> {
  const writing = writings.get(id)
  if (!writing) return
  const { path, hash, position } = writing
  await writing.written
  const file = await writing.opening
  if (keep && hash) known.keep(path, { hash, sizeBytes: position, modifiedMs: (await file.stat()).mtimeMs })
  const sha256 = hash ? hash.copy().digest('hex') : null
  // The first of two ends has closed it.
  if (!writings.delete(id)) return
  tell({ writing: id, answer: 'ended', sizeBytes: position, sha256 })
  // Whoever commits the file waits for the disk; here the disk begins with it.
  await file
    .sync()
    .catch(fault => unmake(path, fault))
    .finally(() => file.close())
    .catch(() => {}) // it was told as ended
}

/** The disk tells a lost write once: whoever commits the file, and would not hear of it, finds none. */
async function unmake(path: string, fault: NodeJS.ErrnoException): Promise<void> {
  if (['EIO', 'ENOSPC', 'EDQUOT'].includes(fault.code ?? '')) await rm(path, { force: true })
}

/** The checksum of a whole file: known, or counted now. */
async function digest(id: number, path: string): Promise<void> {
  const { size } = await stat(path)
  const hash = (await known.take(path, size)) ?? (await hashOf(path))
  tell({ writing: id, answer: 'ended', sizeBytes: size, sha256: hash.digest('hex') })
}

async function hashOf(path: string): Promise<Hash> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) hash.update(chunk)
  return hash
}

async function obey(order: WriterOrder): Promise<void> {
  const { writing } = order
  if (order.order === 'open')
    return order.offset === 0 ? begin(writing, order.path, 0) : goOn(writing, order.path, order.offset)
  if (order.order === 'write') return write(writing, order.chunks)
  if (order.order === 'end') return end(writing, order.keep)
  return digest(writing, order.path)
}

// One order after the other, but for the waits on the disk: whatever follows `open` finds it open.
let before: Promise<void> = Promise.resolve()
parentPort?.on('message', (order: WriterOrder) => {
  if (order.order === 'write') return before.then(() => write(order.writing, order.chunks))
  const obeyed = before.then(() => obey(order))
  if (order.order === 'open') before = obeyed.catch(() => {})
  obeyed.catch(failed(order.writing))
})
