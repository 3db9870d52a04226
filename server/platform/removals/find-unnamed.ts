import type { BlobEntry, BlobStore, Leftover } from '../blobs/index.ts'

/** A domain that names blobs of some shape. What nobody's shape fits is left alone. */
export interface Claimant {
  shape: RegExp
  /** Which of these it wants, or may be about to. */
  wanted(keys: readonly string[]): Promise<ReadonlySet<string>>
}
export interface Unnamed {
  /** All that lies in the store. */
  files: number
  bytes: number
  unnamed: BlobEntry[]
  leftovers: Leftover[]
}

/** Asked about in one query. */
const slice = 500
/** The rest is found the next time. */
const mostUnnamed = 10_000

/**
 * What lies in the store, was last touched before `before`, and is named by nobody. The store is asked first and the
 * records after it: what was being stored meanwhile had its record before its bytes.
 */
export async function findUnnamed(
  blobs: Pick<BlobStore, 'list' | 'leftovers'>,
  claimants: readonly Claimant[],
  before: Date,
): Promise<Unnamed> {
  const found: Unnamed = { files: 0, bytes: 0, unnamed: [], leftovers: [] }
  let batch: BlobEntry[] = []
  const look = async () => {
    const wanted = await wantedOf(
      claimants,
      batch.map(({ key }) => key),
    )
    found.unnamed.push(...batch.filter(({ key }) => !wanted.has(key)))
    batch = []
  }
  for await (const entry of blobs.list('')) {
    found.files += 1
    found.bytes += entry.sizeBytes
    const hasSpace = found.unnamed.length + batch.length < mostUnnamed
    if (hasSpace && entry.modifiedAt < before && claimants.some(({ shape }) => shape.test(entry.key))) batch.push(entry)
    if (batch.length >= slice) await look()
  }
  await look()
  for await (const leftover of blobs.leftovers()) {
    if (leftover.modifiedAt >= before) continue
    const keys = leftover.key === null ? [] : [leftover.key]
    if (!(await wantedOf(claimants, keys)).has(leftover.key ?? '')) found.leftovers.push(leftover)
  }
  return found
}

/** One claimant that wants it is enough; where nobody knows the shape it is wanted, too. */
export async function wantedOf(claimants: readonly Claimant[], keys: readonly string[]): Promise<ReadonlySet<string>> {
  const wanted = new Set(keys.filter(key => !claimants.some(({ shape }) => shape.test(key))))
  for (const { shape, wanted: ask } of claimants) {
    const asked = keys.filter(key => shape.test(key))
    if (asked.length > 0) for (const key of await ask(asked)) wanted.add(key)
  }
  return wanted
}
