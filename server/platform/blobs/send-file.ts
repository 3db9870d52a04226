import { OutgoingMessage } from 'node:http'
import type { Writable } from 'node:stream'
import { type Block, type BlockCache, type BlockFile, blockAt, blockBytes } from './block-cache.ts'
import { readAt } from './read-at.ts'
import type { ReadBuffers } from './read-buffers.ts'
import type { Turns } from './turns.ts'

export interface FileSpan {
  file: BlockFile
  start: number
  /** Inclusive. */
  end: number
}
export interface SendMemory {
  buffers: ReadBuffers
  cache: BlockCache
  turns: Turns
}

/** Kept blocks that leave in one call. */
const maxBlocksAtOnce = 4

/** Sends a span of a file with back-pressure; returns early when `to` is closed. */
export async function sendFile(span: FileSpan, to: Writable, memory: SendMemory): Promise<void> {
  // A socket is done with a chunk when it calls back; any other stream may have handed it on to somebody, who may even
  // write into it.
  const lent = to instanceof OutgoingMessage
  let { start } = span
  while (start <= span.end && !to.destroyed) {
    const rest = { ...span, start }
    const taken = lent ? memory.cache.take(span.file, blockAt(start)) : null
    const block = taken instanceof Promise ? await taken : taken
    start += block ? await sendKept(rest, to, { ...memory, block }) : await sendRead(rest, to, memory)
  }
}

/** Sends what is kept from `block` on. Returns how many bytes. */
async function sendKept(
  { file, start, end }: FileSpan,
  to: Writable,
  { block, cache, turns }: SendMemory & { block: Block },
): Promise<number> {
  const held = [block]
  for (let index = block.index + 1; index <= blockAt(end) && held.length < maxBlocksAtOnce; index += 1) {
    const next = cache.takeNow(file, index)
    if (!next) break
    held.push(next)
  }
  const chunks = held.map(({ bytes, index }) => {
    const begin = index * blockBytes
    return bytes.subarray(Math.max(0, start - begin), Math.min(bytes.length, end + 1 - begin))
  })
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const wait = turns.await(sizeBytes)
  if (wait) await wait
  const out = await writeTo(to, chunks)
  for (const each of held) cache.letGo(each, out)
  return sizeBytes
}

/** Reads a chunk into a lent buffer and sends it. Returns how many bytes. */
async function sendRead({ file, start, end }: FileSpan, to: Writable, memory: SendMemory): Promise<number> {
  const wanted = end - start + 1
  const buffer = memory.buffers.lend(wanted)
  let reusable = false
  try {
    const bytes = await readAt(file.fd, buffer.subarray(0, Math.min(wanted, buffer.length)), start)
    memory.cache.note(file, start, start + bytes - 1)
    reusable = to.destroyed || ((await writeTo(to, [buffer.subarray(0, bytes)])) && to instanceof OutgoingMessage)
    return bytes
  } finally {
    memory.buffers.giveBack(buffer, reusable)
  }
}

/** True once the bytes are out; false when `to` was closed before. */
export function writeTo(to: Writable, chunks: Buffer[]): Promise<boolean> {
  if (to.destroyed) return Promise.resolve(true)
  return new Promise(resolve => {
    const gone = () => resolve(false)
    to.once('close', gone)
    to.cork()
    for (const chunk of chunks.slice(0, -1)) to.write(chunk)
    to.write(chunks.at(-1), fault => {
      to.off('close', gone)
      resolve(!fault)
    })
    to.uncork()
  })
}
