/** What was done to a file: a write, or a new size. */
export type Change = { position: number; data: Buffer } | { size: number }

const sectorBytes = 512
const pageBytes = 4096

/** The content after all of them; `content` is not to be used any more. */
export function settled(content: Buffer, changes: readonly Change[]): Buffer {
  const after = mostOf(sizesOf(content, changes)) > content.length ? roomFor(content, changes) : content
  for (const change of changes) {
    if ('size' in change) after.fill(0, change.size)
    else change.data.copy(after, change.position)
  }
  return after.subarray(0, sizesOf(content, changes).at(-1))
}

/** The content after some of them: of a write any pages or sectors, and any of the sizes that the file had. */
export function whatIsLeft(content: Buffer, changes: readonly Change[], random: () => number): Buffer {
  if (changes.length === 0) return content
  // Much is left of one file, little of the other; of some everything, of some nothing.
  const luck = Math.min(1, Math.max(0, random() * 2 - 0.5))
  const pieceBytes = random() < 0.5 ? sectorBytes : pageBytes
  const after = roomFor(content, changes)
  for (const change of changes) {
    if ('size' in change) {
      if (random() < luck) after.fill(0, change.size)
    } else
      for (const [start, end] of piecesOf(change, pieceBytes))
        if (random() < luck) change.data.copy(after, change.position + start, start, end)
  }
  const sizes = sizesOf(content, changes)
  const which = luck === 1 ? sizes.length - 1 : luck === 0 ? 0 : Math.floor(random() * sizes.length)
  return after.subarray(0, sizes[which])
}

function sizesOf(content: Buffer, changes: readonly Change[]): number[] {
  const sizes = [content.length]
  for (const change of changes)
    sizes.push('size' in change ? change.size : Math.max(sizes.at(-1) ?? 0, change.position + change.data.length))
  return sizes
}

const mostOf = (sizes: number[]) => sizes.reduce((most, size) => Math.max(most, size))

function roomFor(content: Buffer, changes: readonly Change[]): Buffer {
  const after = Buffer.alloc(mostOf(sizesOf(content, changes)))
  content.copy(after)
  return after
}

/** Where its pieces lie in a write: they begin at whole sectors or pages of the file. */
function* piecesOf({ position, data }: { position: number; data: Buffer }, bytes: number): Generator<[number, number]> {
  for (let start = 0; start < data.length; ) {
    const end = Math.min(data.length, start + bytes - ((position + start) % bytes))
    yield [start, end]
    start = end
  }
}
