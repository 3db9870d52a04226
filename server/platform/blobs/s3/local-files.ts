import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { rename, rm, stat, utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { v4 as uuidv4 } from 'uuid'
import type { Leftover } from '../blob-store.ts'
import { storageFault } from '../disk-faults.ts'
import { listLeftovers } from '../list-leftovers.ts'

export interface LocalFilesOptions {
  /** Nothing else may lie in it. */
  directory: string
  /** Of files that nobody uses. Those in use count, but are not removed. */
  maxBytes: number
  /** Other processes have their files here too: at start only what is old is nobody's. */
  shared?: boolean
  /** Called for each file that is asked for: was it here already? */
  onUse?: (use: { hit: boolean }) => void
}
export interface LentFile {
  path: string
  /** Once, when it is not read any more. */
  release(): void
}

/** Copies of objects on the local disk, for tools. */
export interface LocalFiles {
  /** Where a draft may be written: on the same file system, so that it can be adopted. */
  newPath(): string
  /** The file of that name; `fill` makes it when it is not here, once however many ask. */
  lend(name: string, file: { sizeBytes: number; fill: (path: string) => Promise<void> }): Promise<LentFile>
  /** Takes a file over that is here already. */
  adopt(name: string, file: { sizeBytes: number; path: string }): Promise<void>
  /** What other processes left here. */
  leftovers(): AsyncIterable<Leftover>
  stop(): Promise<void>
}

interface Entry {
  path: string
  sizeBytes: number
  users: number
  ready: Promise<void>
}

const hourMs = 60 * 60 * 1000
/** A process that lives touches its folder each hour. */
const abandonedAfterMs = 24 * hourMs

export function createLocalFiles({ directory: given, maxBytes, shared = false, onUse }: LocalFilesOptions): LocalFiles {
  const root = resolve(given)
  mkdirSync(root, { recursive: true })
  sweep(root, shared ? Date.now() - abandonedAfterMs : Number.POSITIVE_INFINITY)
  // A folder of our own: what others lend, only they may remove.
  const directory = join(root, uuidv4())
  mkdirSync(directory)
  const touching = setInterval(() => utimes(directory, new Date(), new Date()).catch(() => {}), hourMs).unref()
  /** The one that was asked for last is the last. */
  const entries = new Map<string, Entry>()
  const newPath = () => join(directory, uuidv4())

  const evict = () => {
    let bytes = 0
    for (const { sizeBytes } of entries.values()) bytes += sizeBytes
    for (const [name, entry] of entries) {
      if (bytes <= maxBytes) return
      if (entry.users > 0) continue
      entries.delete(name)
      bytes -= entry.sizeBytes
      // A file that stays is swept at the next start.
      rm(entry.path, { force: true }).catch(() => {})
    }
  }
  const enter = (name: string, entry: Entry) => {
    entries.delete(name)
    entries.set(name, entry)
    evict()
    return entry
  }
  const leave = (entry: Entry) => {
    entry.users -= 1
    evict()
  }

  const take = (name: string, file: Parameters<LocalFiles['lend']>[1]): Entry => {
    const found = entries.get(name)
    onUse?.({ hit: found !== undefined })
    if (found) {
      found.users += 1
      return enter(name, found)
    }
    const path = newPath()
    return enter(name, { path, sizeBytes: file.sizeBytes, users: 1, ready: fillWhole(path, file.fill) })
  }

  return {
    newPath,
    async lend(name, file) {
      for (;;) {
        const entry = take(name, file)
        try {
          await entry.ready
          // Somebody may have emptied the folder.
          if (await exists(entry.path)) return { path: entry.path, release: once(() => leave(entry)) }
        } catch (fault) {
          if (entries.get(name) === entry) entries.delete(name)
          throw storageFault(fault)
        }
        if (entries.get(name) === entry) entries.delete(name)
      }
    },
    async adopt(name, { sizeBytes, path: from }) {
      if (sizeBytes > maxBytes || entries.has(name)) return void (await rm(from, { force: true }))
      const path = newPath()
      await rename(from, path)
      enter(name, { path, sizeBytes, users: 0, ready: Promise.resolve() })
    },
    leftovers: () => listLeftovers(root, path => path === directory),
    async stop() {
      clearInterval(touching)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Whole under its name, or not there. */
async function fillWhole(path: string, fill: (path: string) => Promise<void>): Promise<void> {
  const part = `${path}.part`
  try {
    await fill(part)
    await rename(part, path)
  } catch (fault) {
    await rm(part, { force: true })
    throw fault
  }
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (!done) work()
    done = true
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

function sweep(directory: string, untouchedSince: number): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name)
    if (statSync(path).mtimeMs < untouchedSince) rmSync(path, { recursive: true, force: true })
  }
}
