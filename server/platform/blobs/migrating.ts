import { AppError } from '../errors.ts'
import type { BlobEntry, BlobStore } from './blob-store.ts'
import { nothingStored } from './nothing-stored.ts'

/**
 * For the time of a move: what is new goes to `primary`, what is not moved yet is read from `old`. The move copies a blob
 * before it removes it, so whoever finds it in neither looks into the first once more. A tool that still reads a file of
 * `old` when it is removed there fails, and is run again.
 */
export function createMigratingBlobs(primary: BlobStore, old: BlobStore): BlobStore {
  const first = async <T>(look: (store: BlobStore) => Promise<T | null>): Promise<T | null> =>
    (await look(primary)) ?? (await look(old)) ?? (await look(primary))
  const { direct } = primary
  return {
    draft: (key, options) => primary.draft(key, options),
    open: key => first(store => store.open(key)),
    stat: key => first(store => store.stat(key)),
    async withFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T> {
      const done = await first(store => lendFrom(store, key, work))
      if (done) return done.result
      throw nothingStored(key)
    },
    list: prefix => listBoth(primary, old, prefix),
    async remove(key) {
      await old.remove(key)
      await primary.remove(key)
    },
    // In this order: what the move copies meanwhile is either removed here, or it sees that its source is gone.
    async removeAll(prefix) {
      await old.removeAll(prefix)
      await primary.removeAll(prefix)
    },
    async *leftovers() {
      yield* primary.leftovers()
      yield* old.leftovers()
    },
    check: async () => `${await primary.check()}; what is not moved yet: ${await old.check()}`,
    direct: direct && {
      ...direct,
      urlOf: async (key, options) => ((await primary.stat(key)) ? direct.urlOf(key, options) : null),
    },
  }
}

/** Null when the store has no such blob; a fault of the work itself is the work's. */
async function lendFrom<T>(
  store: BlobStore,
  key: string,
  work: (path: string) => Promise<T>,
): Promise<{ result: T } | null> {
  let lent = false
  try {
    const result = await store.withFile(key, path => {
      lent = true
      return work(path)
    })
    return { result }
  } catch (fault) {
    if (!lent && fault instanceof AppError && fault.code === 'storage.not_found') return null
    throw fault
  }
}

/** What is in both, because it is being moved, comes once. */
async function* listBoth(primary: BlobStore, old: BlobStore, prefix: string): AsyncGenerator<BlobEntry> {
  yield* primary.list(prefix)
  for await (const entry of old.list(prefix)) {
    if (!(await primary.stat(entry.key))) yield entry
  }
}
