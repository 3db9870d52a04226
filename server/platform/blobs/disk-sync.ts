import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The file's bytes are on the disk, whoever wrote them. */
export async function syncFile(path: string): Promise<void> {
  // Opened anew: a tool may have put another file in the place of the one that we opened.
  await using file = await open(path, 'r')
  await file.sync()
}

/** The directory's names are on the disk: without it a renamed file may be missing after a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, 'r')
  await directory.sync()
}

/** Makes `path` and what is missing above it, below `root`, to last. */
export async function makeDirectory(path: string, root: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let made = path; made.length >= first.length && made !== root; made = dirname(made)) {
    await syncDirectory(dirname(made))
  }
}
