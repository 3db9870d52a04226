import { type Box, boxAt, boxesIn } from './mp4-boxes.ts'

/** What the header (`moov`) of a file with one track says. */
export interface InitSegment {
  kind: 'video' | 'audio'
  /** As RFC 6381 writes it: `avc1.64001f`, `mp4a.40.2`. */
  codecs: string
  width: number | null
  height: number | null
  /** Ticks in a second. */
  timescale: number
  /** Of a sample that does not say its own. */
  defaults: { duration: number; size: number }
}

export function readInit(moov: Buffer): InitSegment {
  const media = boxAt(moov, 'moov/trak/mdia')
  const header = boxAt(moov, 'mdhd', media)
  const timescale = moov.readUInt32BE(header.start + (moov[header.start] === 1 ? 20 : 12))
  const extends_ = boxAt(moov, 'moov/mvex/trex')
  const defaults = { duration: moov.readUInt32BE(extends_.start + 12), size: moov.readUInt32BE(extends_.start + 16) }
  const entries = boxAt(moov, 'minf/stbl/stsd', media)
  const [entry] = boxesIn(moov, entries.start + 8, entries.end)
  if (entry?.type === 'avc1') return { kind: 'video', ...pictureOf(moov, entry), timescale, defaults }
  if (entry?.type === 'mp4a')
    return { kind: 'audio', codecs: soundCodec(moov, entry), width: null, height: null, timescale, defaults }
  throw new Error(`Not a track for HLS: ${entry?.type}`)
}

/** Section 12.1.3: 78 bytes of a visual sample entry, then its boxes. */
function pictureOf(moov: Buffer, { start, end }: Box) {
  const config = boxAt(moov, 'avcC', { start: start + 78, end })
  // "profile_idc, constraint flags, level_idc", each as two hexadecimal digits (RFC 6381, section 3.3).
  const codecs = `avc1.${moov.toString('hex', config.start + 1, config.start + 4)}`
  return { codecs, width: moov.readUInt16BE(start + 24), height: moov.readUInt16BE(start + 26) }
}

/** ISO/IEC 14496-1, 7.2.6: ES_Descriptor (3) > DecoderConfigDescriptor (4) > DecoderSpecificInfo (5). */
function soundCodec(moov: Buffer, { start, end }: Box): string {
  const { start: esds } = boxAt(moov, 'esds', { start: start + 28, end })
  const outer = descriptorAt(moov, esds + 4)
  const config = descriptorAt(moov, outer.start + 3)
  const objectType = moov.readUInt8(config.start)
  if (objectType !== 0x40) return `mp4a.${objectType.toString(16)}`
  const specific = descriptorAt(moov, config.start + 13)
  const bits = moov.readUInt16BE(specific.start)
  const audioType = bits >> 11
  // 31 escapes: six more bits, and 32 (14496-3, 1.6.2.1).
  return `mp4a.40.${audioType === 31 ? 32 + ((bits >> 5) & 63) : audioType}`
}

/** A tag, then a length of seven bits a byte. */
function descriptorAt(bytes: Buffer, at: number): { start: number } {
  let start = at + 1
  while ((bytes[start] ?? 0) & 0x80) start += 1
  return { start: start + 1 }
}
