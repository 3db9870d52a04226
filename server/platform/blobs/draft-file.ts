import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../errors.ts'
import type { BlobDraft, BlobStat } from './blob-store.ts'
import { storageFault } from './disk-faults.ts'
import { makeDirectory, syncDirectory, syncFile } from './disk-sync.ts'
import { createFileSink } from './file-sink.ts'

export type DraftFile = BlobDraft

export interface DraftPlaces {
  /** Where the draft is written. */
  path: string
  /** Where it will be. */
  place: string
  root: string
  /** Called in the moment the blob has its place. */
  onPlaced(): void
  /** Called once, when the draft is committed or discarded. */
  onDone(): void
}

/** A file beside the blobs that becomes one by a rename. A tool may write `path` itself and leave `stream` alone. */
export async function openDraft(places: DraftPlaces): Promise<DraftFile> {
  const { path } = places
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
    places.onDone()
    stream.destroy()
    await rm(path, { force: true })
  }
  async function commit() {
    if (state !== 'open') throw new AppError('storage.not_found', `The draft was ${state} already.`)
    placing ??= place(places, stream)
    const placed = await placing.catch(fault => {
      placing = undefined
      throw storageFault(fault)
    })
    state = 'committed'
    places.onDone()
    return placed
  }
  return { path, stream, commit, discard }
}

async function place(places: DraftPlaces, stream: ReturnType<typeof createFileSink>): Promise<BlobStat> {
  await stream.settle()
  await syncFile(places.path)
  await makeDirectory(dirname(places.place), places.root)
  const { size, mtime } = await stat(places.path)
  await rename(places.path, places.place)
  places.onPlaced()
  await syncDirectory(dirname(places.place))
  return { sizeBytes: size, modifiedAt: mtime }
}
