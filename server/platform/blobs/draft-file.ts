import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../errors.ts'
import type { BlobDraft, BlobStat } from './blob-store.ts'
import { isMissing, storageFault } from './disk-faults.ts'
import { makeDirectory, syncDirectory, syncFile } from './disk-sync.ts'
import { createFileSink } from './file-sink.ts'

export type DraftFile = BlobDraft

export interface DraftPlaces {
  /** Where the draft is written. */
  path: string
  /** Puts the finished file where it will be seen; under another key than announced when one is given. */
  place(as: string | undefined): Promise<BlobStat>
  /** Called once, when the draft is committed or discarded. */
  onDone(): void
}

/** A local file that becomes a blob. A tool may write `path` itself and leave `stream` alone. */
export async function openDraft({ path, place, onDone }: DraftPlaces): Promise<DraftFile> {
  const stream = createFileSink(
    await open(path, 'wx').catch(fault => {
      throw storageFault(fault)
    }),
  )
  let state: 'open' | 'committed' | 'discarded' = 'open'
  let placing: Promise<BlobStat> | undefined

  async function discard() {
    // A commit under way is let finish: half of one is what nobody wants.
    await placing?.catch(() => {}) // whoever called commit has the fault
    if (state !== 'open') return
    state = 'discarded'
    onDone()
    stream.destroy()
    await rm(path, { force: true })
  }
  async function commit(as?: string) {
    if (state !== 'open') throw new AppError('storage.not_found', `The draft was ${state} already.`)
    placing ??= stream.settle().then(() => place(as))
    const placed = await placing.catch(fault => {
      placing = undefined
      throw storageFault(fault)
    })
    state = 'committed'
    onDone()
    return placed
  }
  return { path, stream, commit, discard }
}

export interface FilePlace {
  from: string
  to: string
  root: string
  /** Called as soon as the blob has its place. */
  onPlaced(): void
}

/** Gives a finished draft its place by a rename. */
export async function placeFile({ from, to, root, onPlaced }: FilePlace): Promise<BlobStat> {
  await syncFile(from)
  const { size, mtime } = await stat(from)
  await renameInto(from, to, root).catch(fault => {
    // Whoever removed the folder's last blob took the folder along.
    if (isMissing(fault)) return renameInto(from, to, root)
    throw fault
  })
  onPlaced()
  await syncDirectory(dirname(to))
  return { sizeBytes: size, modifiedAt: mtime }
}

async function renameInto(from: string, to: string, root: string): Promise<void> {
  await makeDirectory(dirname(to), root)
  await rename(from, to)
}
