import type { InitSegment } from './init-segment.ts'
import { boxAt } from './mp4-boxes.ts'

/** What one `moof` of a file with one track says, in ticks. */
export interface Fragment {
  decodeTime: number
  duration: number
  samples: number
  /** From the start of the `moof` to the first byte of the first sample. */
  dataOffset: number
  firstSampleBytes: number
}

const has = (flags: number, bit: number) => (flags & bit) !== 0

export function readFragment(moof: Buffer, init: Pick<InitSegment, 'defaults'>): Fragment {
  const track = boxAt(moof, 'moof/traf')
  const defaults = readDefaults(moof, boxAt(moof, 'tfhd', track).start, init.defaults)
  const { start: time } = boxAt(moof, 'tfdt', track)
  const decodeTime = moof[time] === 1 ? Number(moof.readBigInt64BE(time + 4)) : moof.readUInt32BE(time + 4)
  return { decodeTime, ...readRun(moof, boxAt(moof, 'trun', track).start, defaults) }
}

/** ISO/IEC 14496-12, section 8.8.7: what is there, in this order, the flags say. */
function readDefaults(moof: Buffer, start: number, usual: InitSegment['defaults']): InitSegment['defaults'] {
  const flags = moof.readUIntBE(start + 1, 3)
  let at = start + 8 + (has(flags, 0x01) ? 8 : 0) + (has(flags, 0x02) ? 4 : 0)
  const next = (bit: number, otherwise: number) => {
    if (!has(flags, bit)) return otherwise
    at += 4
    return moof.readUInt32BE(at - 4)
  }
  return { duration: next(0x08, usual.duration), size: next(0x10, usual.size) }
}

/** Section 8.8.8. */
function readRun(moof: Buffer, start: number, defaults: InitSegment['defaults']): Omit<Fragment, 'decodeTime'> {
  const flags = moof.readUIntBE(start + 1, 3)
  const samples = moof.readUInt32BE(start + 4)
  let at = start + 8
  const dataOffset = has(flags, 0x01) ? moof.readInt32BE(at) : 0
  at += (has(flags, 0x01) ? 4 : 0) + (has(flags, 0x04) ? 4 : 0)
  const stride = [0x100, 0x200, 0x400, 0x800].filter(bit => has(flags, bit)).length * 4
  const sizeAt = has(flags, 0x100) ? 4 : 0
  let duration = 0
  for (let sample = 0; sample < samples; sample += 1)
    duration += has(flags, 0x100) ? moof.readUInt32BE(at + sample * stride) : defaults.duration
  const firstSampleBytes = has(flags, 0x200) && samples > 0 ? moof.readUInt32BE(at + sizeAt) : defaults.size
  return { duration, samples, dataOffset, firstSampleBytes }
}
