import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Happening } from './record-files.ts'
import { type Change, settled, whatIsLeft } from './unsynced-changes.ts'

interface File {
  isFolder: boolean
  /** What the last sync of this file left on the disk. */
  synced: Buffer
  unsynced: Change[]
}
type Names = Map<string, File>

/** A change of what is called how, not yet known to be on the disk. */
interface NameChange {
  paths: readonly string[]
  file: File | undefined
  apply(names: Names): void
}

export interface RecordedDisk {
  play(happening: Happening): void
  /** Files with writes that no sync followed. */
  unsynced(): string[]
  /** Writes what a power cut at this moment may leave, one way of many, with `to` in place of `from`. */
  cut(random: () => number, place: { from: string; to: string }): void
}

/**
 * A disk, as strict as POSIX allows but for one thing: a sync of a file makes its own name last (as ext4, XFS and btrfs
 * do), and a sync of a folder those in it. All else that was not synced is there or not, each change by itself: each 4 KiB
 * page or 512-byte sector of a write, each size, each name; what builds on another change needs that one.
 */
export function createRecordedDisk(): RecordedDisk {
  const now: Names = new Map()
  const lasting: Names = new Map()
  let pending: NameChange[] = []
  const open = new Map<number, { path: string; file: File }>()

  const change = (paths: string[], apply: (names: Names) => void) => {
    const file = now.get(paths[0] ?? '')
    pending.push({ paths, file, apply })
    apply(now)
  }
  const make = (path: string, isFolder: boolean) => {
    const file = { isFolder, synced: Buffer.alloc(0), unsynced: [] }
    pending.push({ paths: [path], file, apply: names => names.set(path, file) })
    now.set(path, file)
  }
  const sync = ({ path, file }: { path: string; file: File }) => {
    file.synced = settled(file.synced, file.unsynced)
    file.unsynced = []
    const isMeant = (it: NameChange) =>
      it.file === file || (file.isFolder && it.paths.some(name => dirname(name) === path))
    const lasts = closure(pending, isMeant)
    for (const it of pending) if (lasts.has(it)) it.apply(lasting)
    pending = pending.filter(it => !lasts.has(it))
  }

  return {
    play(it) {
      const of = 'fd' in it ? open.get(it.fd) : undefined
      if (it.op === 'open') {
        if (!now.has(it.path)) make(it.path, false)
        const file = now.get(it.path) as File
        if (it.emptied) file.unsynced.push({ size: 0 })
        open.set(it.fd, { path: it.path, file })
      } else if (it.op === 'makeFolder') make(it.path, true)
      else if (it.op === 'rename') change([it.path, it.to], names => rename(names, it.path, it.to))
      else if (it.op === 'remove' || it.op === 'removeAll') change([it.path], names => removeAll(names, it.path))
      else if (it.op === 'close') open.delete(it.fd)
      else if (it.op === 'sync' && of) sync(of)
      else if (it.op === 'resize') of?.file.unsynced.push({ size: it.size })
      else if (it.op === 'write' && it.data) of?.file.unsynced.push({ position: it.position, data: it.data })
    },
    unsynced: () => [...now].filter(([, file]) => file.unsynced.length > 0).map(([path]) => path),
    cut(random, { from, to }) {
      const names = new Map(lasting)
      for (const it of someOf(pending, random)) it.apply(names)
      const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1))
      for (const [path, file] of sorted) {
        const place = to + path.slice(from.length)
        if (file.isFolder) mkdirSync(place, { recursive: true })
        else writeFileSync(place, whatIsLeft(file.synced, file.unsynced, random))
      }
    },
  }
}

function rename(names: Names, from: string, to: string): void {
  const moved = [...names].filter(([path]) => isIn(path, from))
  removeAll(names, to)
  for (const [path, file] of moved) {
    names.delete(path)
    names.set(to + path.slice(from.length), file)
  }
}

function removeAll(names: Names, path: string): void {
  for (const name of [...names.keys()]) if (isIn(name, path)) names.delete(name)
}

const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)

const needs = (later: NameChange, earlier: NameChange) =>
  (later.file !== undefined && later.file === earlier.file) ||
  later.paths.some(path => earlier.paths.some(other => isIn(path, other) || isIn(other, path)))

/** Those that are meant, and what they build on. */
function closure(changes: readonly NameChange[], isMeant: (it: NameChange) => boolean): Set<NameChange> {
  const chosen = new Set<NameChange>()
  for (const it of changes.toReversed()) if (isMeant(it) || [...chosen].some(later => needs(later, it))) chosen.add(it)
  return chosen
}

/** Some of them at random, in order; none without what it builds on. */
function someOf(changes: readonly NameChange[], random: () => number): NameChange[] {
  const luck = random()
  const kept: NameChange[] = []
  const lost: NameChange[] = []
  for (const it of changes) {
    const isLost = random() > luck || lost.some(earlier => needs(it, earlier))
    ;(isLost ? lost : kept).push(it)
  }
  return kept
}
