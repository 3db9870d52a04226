/** A box of ISO/IEC 14496-12: its payload lies from `start` to `end`. */
export interface Box {
  type: string
  start: number
  end: number
}

/** The boxes between two places of a buffer. Stops at what is no box. */
export function* boxesIn(bytes: Buffer, from = 0, to = bytes.length): Generator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.readUInt32BE(at)
    if (size < 8 || at + size > to) return
    yield { type: bytes.toString('latin1', at + 4, at + 8), start: at + 8, end: at + size }
    at += size
  }
}

/** The first box at the end of a path such as `moov/trak/mdia`. Throws when there is none: our own files have it. */
export function boxAt(bytes: Buffer, path: string, within: Pick<Box, 'start' | 'end'> = whole(bytes)): Box {
  let place = within
  let found: Box | undefined
  for (const type of path.split('/')) {
    found = boxesIn(bytes, place.start, place.end).find(box => box.type === type)
    if (!found) throw new Error(`There is no box ${path}`)
    place = found
  }
  return found as Box
}

const whole = (bytes: Buffer) => ({ start: 0, end: bytes.length })
