import { type FileHandle, open } from 'node:fs/promises'
import type { FileLayout, ReadAt } from './layout.ts'
import { readMatroskaLayout } from './matroska-layout.ts'
import { readMp4Layout } from './mp4-layout.ts'

export async function readLayout(path: string): Promise<FileLayout> {
  await using file = await open(path, 'r')
  const { size: sizeBytes } = await file.stat()
  const read = readerOf(file)
  const head = await read(0, 12)
  const special = head.length >= 12 ? await readSpecial(head, read, sizeBytes) : null
  return { sizeBytes, ...(special ?? { brand: null, fastStart: true, indexMissing: false, cutShort: false }) }
}

const ebml = 0x1a45dfa3
const mp4Boxes = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'styp', 'moof', 'pnot']

function readSpecial(head: Buffer, read: ReadAt, sizeBytes: number) {
  if (head.readUInt32BE(0) === ebml) return readMatroskaLayout(read, sizeBytes)
  return mp4Boxes.includes(head.toString('latin1', 4, 8)) ? readMp4Layout(read, sizeBytes) : null
}

function readerOf(file: FileHandle): ReadAt {
  return async (position, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  }
}
