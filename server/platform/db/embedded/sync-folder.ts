import fs from 'node:fs'
import { join } from 'node:path'

/** How many files are synced side by side: what lies in one journal of the file system is written once for all. */
const atOnce = 16

/** Brings a folder to the disk, with all that is in it. */
export async function syncFolder(directory: string): Promise<void> {
  const paths = [
    directory,
    ...fs.readdirSync(directory, { recursive: true }).map(name => join(directory, String(name))),
  ]
  const next = paths.values()
  const syncInTurn = async () => {
    for (const path of next) await syncPath(path)
  }
  await Promise.all(Array.from({ length: atOnce }, syncInTurn))
}

/** One file; or what is called how in a folder, which says nothing about what is in those files. */
export async function syncPath(path: string): Promise<void> {
  const file = await fs.promises.open(path, 'r')
  await file.sync().finally(() => file.close())
}
