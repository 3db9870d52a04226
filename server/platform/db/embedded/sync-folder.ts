import fs from 'node:fs'
import { join } from 'node:path'

/** Brings a folder to the disk, with all that is in it. */
export function syncFolder(directory: string): void {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) syncFolder(path)
    else syncPath(path)
  }
  syncPath(directory)
}

/** One file; or what is called how in a folder, which says nothing about what is in those files. */
export function syncPath(path: string): void {
  const descriptor = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}
