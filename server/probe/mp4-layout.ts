import type { FileLayout, ReadAt } from './layout.ts'

/** ISO/IEC 14496-12, section 4.2: size and type; a size of 1 means 64 bits after the type, 0 means up to the end. */
interface Box {
  type: string
  start: number
  end: number
}

/** A fragmented film has two boxes a fragment; what we ask for stands in the first few. */
const maxBoxes = 2000

/** Walks over the outermost boxes of an MP4, without reading what is in them. */
export async function readMp4Layout(read: ReadAt, sizeBytes: number): Promise<Omit<FileLayout, 'sizeBytes'>> {
  const boxes: Box[] = []
  for (let start = 0; start < sizeBytes && boxes.length < maxBoxes; ) {
    const box = boxAt(await read(start, 16), start, sizeBytes)
    if (!box) break
    boxes.push(box)
    start = box.end
  }
  const find = (type: string) => boxes.findIndex(box => box.type === type)
  const [moov, mdat, moof] = [find('moov'), find('mdat'), find('moof')]
  const named = find('ftyp') === 0
  return {
    brand: named ? (await read(8, 4)).toString('latin1').trim() : null,
    fastStart: moov !== -1 && (mdat === -1 || moov < mdat),
    indexMissing: moov === -1 && moof === -1,
    cutShort: boxes.some(box => box.end > sizeBytes),
  }
}

function boxAt(header: Buffer, start: number, sizeBytes: number): Box | null {
  if (header.length < 8) return null
  const short = header.readUInt32BE(0)
  const type = header.toString('latin1', 4, 8)
  if (short === 0) return { type, start, end: sizeBytes }
  if (short === 1 && header.length < 16) return null
  const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short
  return size < 8 ? null : { type, start, end: start + size }
}
