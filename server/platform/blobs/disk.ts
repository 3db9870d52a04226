import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { access, constants, rename, rm, rmdir, stat, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { v4 as uuidv4 } from 'uuid'
import type { BlobStat, BlobStore } from './blob-store.ts'
import { isMissing, storageFault } from './disk-faults.ts'
import { syncDirectory } from './disk-sync.ts'
import { type DraftFile, openDraft, placeFile } from './draft-file.ts'
import { checkKey, checkListed, checkPrefix } from './keys.ts'
import { listFiles } from './list-files.ts'
import { listLeftovers } from './list-leftovers.ts'
import { nothingStored } from './nothing-stored.ts'
import { createOpenFiles } from './open-files.ts'

export interface DiskBlobsOptions {
  directory: string
  /** Other processes write here too: of the drafts that lie here at start only old ones are nobody's. */
  shared?: boolean
  /** Memory for what is read again and again. */
  cacheBytes?: number
}

const defaultCacheBytes = 64 * 1024 * 1024
const abandonedAfterMs = 24 * 60 * 60 * 1000

/** Blobs as files below one directory. */
export function createDiskBlobs(options: DiskBlobsOptions): BlobStore {
  const { directory: given, shared = false, cacheBytes = defaultCacheBytes } = options
  const directory = resolve(given)
  // On the same file system as the blobs, or the rename would not be at once. No key starts with a dot.
  const draftsDirectory = join(directory, '.drafts')
  mkdirSync(draftsDirectory, { recursive: true })
  sweepDrafts(draftsDirectory, shared ? Date.now() - abandonedAfterMs : Number.POSITIVE_INFINITY)

  const drafts = new Map<DraftFile, string>()
  const files = createOpenFiles({ cacheBytes })
  const pathOf = (key: string) => `${directory}/${checkKey(key)}`

  return {
    async draft(key) {
      checkKey(key)
      const path = join(draftsDirectory, uuidv4())
      const draft = await openDraft({
        path,
        async place(as = key) {
          const to = pathOf(as)
          drafts.set(draft, as)
          return placeFile({ from: path, to, root: directory, onPlaced: () => files.forget(each => each === to) })
        },
        onDone: () => drafts.delete(draft),
      })
      drafts.set(draft, key)
      return draft
    },
    open: async key => files.open(pathOf(key)),
    stat: async key => statFile(pathOf(key)),
    async withFile(key, work) {
      const path = pathOf(key)
      if ((await statFile(path)) === null) throw nothingStored(key)
      return work(path)
    },
    list: prefix => listFiles(directory, checkListed(prefix)),
    async remove(key) {
      const path = pathOf(key)
      files.forget(each => each === path)
      await removeFile(path, directory)
    },
    async removeAll(prefix) {
      const folder = join(directory, checkPrefix(prefix))
      // Drafts first: one that is being committed finishes into the folder, and goes with it.
      await Promise.all([...drafts].filter(([, key]) => key.startsWith(prefix)).map(([draft]) => draft.discard()))
      files.forget(path => path.startsWith(`${folder}/`))
      await removeFolder(folder, join(draftsDirectory, uuidv4()))
    },
    leftovers: () => listLeftovers(draftsDirectory, path => [...drafts.keys()].some(draft => draft.path === path)),
    async check() {
      await access(directory, constants.R_OK | constants.W_OK)
      const { bavail, bsize } = await statfs(directory)
      return `disk, ${((Number(bavail) * Number(bsize)) / 1e9).toFixed(1)} GB free`
    },
    direct: null,
  }
}

/** Removes what a crash left. */
function sweepDrafts(directory: string, untouchedSince: number): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name)
    if (statSync(path).mtimeMs < untouchedSince) rmSync(path, { recursive: true, force: true })
  }
}

/** Gone at once; what a crash leaves of the rest is swept at the next start. */
async function removeFolder(folder: string, aside: string): Promise<void> {
  try {
    await rename(folder, aside)
    await syncDirectory(dirname(folder))
    await rm(aside, { recursive: true, force: true })
  } catch (fault) {
    if (!isMissing(fault)) throw storageFault(fault)
  }
}

/** Takes the folders along that it leaves empty. */
async function removeFile(path: string, root: string): Promise<void> {
  try {
    if ((await statFile(path)) === null) return
    await rm(path)
    for (let folder = dirname(path); folder !== root; folder = dirname(folder)) await rmdir(folder)
  } catch (fault) {
    const code = (fault as NodeJS.ErrnoException | null)?.code
    // Something else lies in there.
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || isMissing(fault)) return
    throw storageFault(fault)
  }
}

async function statFile(path: string): Promise<BlobStat | null> {
  try {
    const found = await stat(path)
    return found.isFile() ? { sizeBytes: found.size, modifiedAt: found.mtime } : null
  } catch (fault) {
    if (isMissing(fault)) return null
    throw storageFault(fault)
  }
}
