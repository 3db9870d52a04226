import { type FileHandle, open } from 'node:fs/promises'
import { type Fragment, readFragment } from './fragments.ts'
import { type InitSegment, readInit } from './init-segment.ts'
import type { Track } from './ladder.ts'

/** Segments are as long as this, or as the distance of two keyframes where that is longer. */
export const segmentSeconds = 2
/** Rounding of times may not cost a segment its keyframe. */
const slackSeconds = 0.05
/** Enough to get to a picture's first slice. */
const longestLookBytes = 64 * 1024

interface Placed extends Fragment {
  offset: number
  bytes: number
}

/**
 * Reads where the segments of a fragmented MP4 with one track lie. Each begins with a fragment, so with a keyframe.
 * Null where a fragment begins with a picture that leans on earlier ones, or before time 0: players could not begin there.
 */
export async function indexTrack(path: string, name: string): Promise<Track | null> {
  const file = await open(path)
  try {
    const { init, initBytes, fragments } = await readFile(file)
    const [first] = fragments
    if (!first || first.decodeTime < 0) return null
    if (init.kind === 'video' && !(await allBeginAnew(file, fragments))) return null
    const seconds = fragments.reduce((sum, { duration }) => sum + duration, 0) / init.timescale
    const samples = fragments.reduce((sum, each) => sum + each.samples, 0)
    const { kind, codecs, width, height } = init
    const frameRate = kind === 'video' && seconds > 0 ? Math.round((samples / seconds) * 1000) / 1000 : null
    const startSeconds = first.decodeTime / init.timescale
    return { name, kind, codecs, width, height, frameRate, initBytes, startSeconds, ...segmentsOf(fragments, init) }
  } finally {
    await file.close()
  }
}

async function readFile(file: FileHandle): Promise<{ init: InitSegment; initBytes: number; fragments: Placed[] }> {
  const { size } = await file.stat()
  let init: InitSegment | undefined
  let initBytes = 0
  const fragments: Placed[] = []
  for (let at = 0; at < size; ) {
    const header = await read(file, at, 16)
    const short = header.readUInt32BE(0)
    const bytes = short === 1 ? Number(header.readBigUInt64BE(8)) : short
    if (bytes < 8) throw new Error('Not a box')
    const type = header.toString('latin1', 4, 8)
    if (type === 'moov') {
      init = readInit(await read(file, at, bytes))
      initBytes = at + bytes
    }
    if (type === 'moof' && init)
      fragments.push({ ...readFragment(await read(file, at, bytes), init), offset: at, bytes })
    const last = fragments.at(-1)
    if (type === 'mdat' && last) last.bytes = at + bytes - last.offset
    at += bytes
  }
  if (!init) throw new Error('A film without a header')
  return { init, initBytes, fragments }
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  await file.read(buffer, 0, length, position)
  return buffer
}

/** An IDR picture (NAL unit type 5) before any other slice, in each fragment: nothing after it looks back. */
async function allBeginAnew(file: FileHandle, fragments: readonly Placed[]): Promise<boolean> {
  for (const { offset, dataOffset, firstSampleBytes } of fragments) {
    const sample = await read(file, offset + dataOffset, Math.min(firstSampleBytes, longestLookBytes))
    if (!beginsWithIdr(sample)) return false
  }
  return true
}

function beginsWithIdr(sample: Buffer): boolean {
  for (let at = 0; at + 5 <= sample.length; ) {
    const type = (sample[at + 4] ?? 0) & 31
    if (type >= 1 && type <= 5) return type === 5
    at += 4 + sample.readUInt32BE(at)
  }
  return false
}

/** Fragments are put together until they last two seconds: films of nothing but keyframes have one for each picture. */
function segmentsOf(fragments: readonly Placed[], { timescale }: InitSegment): Pick<Track, 'segments'> {
  const segments: Track['segments'] = []
  const start = fragments[0]?.decodeTime ?? 0
  let nextCut = 0
  fragments.forEach((fragment, position) => {
    const at = (fragment.decodeTime - start) / timescale
    const end = fragments[position + 1]?.decodeTime ?? fragment.decodeTime + fragment.duration
    const seconds = (end - fragment.decodeTime) / timescale
    const last = segments.at(-1)
    if (last && at < nextCut - slackSeconds) {
      last.bytes += fragment.bytes
      last.seconds += seconds
      return
    }
    segments.push({ bytes: fragment.bytes, seconds })
    nextCut = at + segmentSeconds
  })
  return { segments }
}
