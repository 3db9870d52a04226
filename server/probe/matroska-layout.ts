import type { FileLayout, ReadAt } from './layout.ts'

const segmentId = 0x18538067
const idBytes = 4

/** Reads the EBML header (RFC 8794) of a Matroska or WebM file and the length that its one segment claims. */
export async function readMatroskaLayout(read: ReadAt, sizeBytes: number): Promise<Omit<FileLayout, 'sizeBytes'>> {
  const start = await read(0, 1024)
  const header = lengthAt(start, idBytes)
  const headerEnd = header ? header.end + (header.value ?? 0) : 0
  const docType = start.subarray(0, Math.min(headerEnd, start.length)).includes('webm') ? 'webm' : 'matroska'
  const segment = start.length > headerEnd + idBytes && start.readUInt32BE(headerEnd) === segmentId
  const length = segment ? lengthAt(start, headerEnd + idBytes) : null
  return {
    brand: docType,
    fastStart: true,
    indexMissing: false,
    cutShort: length?.value != null && length.end + length.value > sizeBytes,
  }
}

/** RFC 8794, section 4: the leading zero bits of the first byte tell how many follow; all ones mean "unknown". */
function lengthAt(bytes: Buffer, offset: number): { value: number | null; end: number } | null {
  const first = bytes[offset] ?? 0
  const width = Math.clz32(first) - 23
  if (first === 0 || offset + width > bytes.length) return null
  const rest = bytes.subarray(offset + 1, offset + width)
  const leading = first & (2 ** (8 - width) - 1)
  const unknown = leading === 2 ** (8 - width) - 1 && rest.every(byte => byte === 0xff)
  const value = rest.reduce((sum, byte) => sum * 256 + byte, leading)
  return { value: unknown ? null : value, end: offset + width }
}
