import fs from 'node:fs'
import { join } from 'node:path'

/** What has to be left over when a copy was made: the database goes on growing. */
const spareBytes = 256 * 1024 * 1024

/** Copies a folder, without a copy of the bytes where the file system can share them. Throws when there is no space. */
export function copyFolder(from: string, to: string): void {
  const { bavail, bsize } = fs.statfsSync(from)
  const wanted = sizeOf(from) + spareBytes
  if (bavail * bsize < wanted)
    throw new Error(`a copy of ${from} wants ${toMegabytes(wanted)} MB, and ${toMegabytes(bavail * bsize)} MB are free`)
  copy(from, to)
}

function copy(from: string, to: string): void {
  fs.mkdirSync(to, { mode: 0o700 })
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copy(source, target)
    else fs.copyFileSync(source, target, fs.constants.COPYFILE_FICLONE)
  }
}

/** All that is in a folder. */
export const sizeOf = (folder: string): number =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .reduce((sum, entry) => sum + (entry.isFile() ? fs.statSync(join(entry.parentPath, entry.name)).size : 0), 0)

const toMegabytes = (bytes: number) => Math.round(bytes / 1024 / 1024)
