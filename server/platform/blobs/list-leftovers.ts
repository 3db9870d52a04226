import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Leftover } from './blob-store.ts'

/** What lies in a folder of drafts or copies, but for what is `mine`. */
export async function* listLeftovers(folder: string, mine: (path: string) => boolean): AsyncGenerator<Leftover> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (mine(path)) continue
    const found = await stat(path).catch(() => null) // gone since the folder was read
    const remove = () => rm(path, { recursive: true, force: true })
    if (found) yield { name: path, key: null, modifiedAt: found.mtime, remove }
  }
}
