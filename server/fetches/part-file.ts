import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Leftover } from '../platform/blobs/index.ts'

/** One version of a film at its address, as its server tells it. */
const Version = z.object({
  /** By which the same bytes are known again, for `If-Range`; null where nothing serves. */
  validator: z.string().nullable(),
  /** Null when it was not said. */
  totalBytes: z.number().nullable(),
  filename: z.string(),
})
export type Version = z.infer<typeof Version>

/** What has come of a film so far. A server that was killed finds it again. */
export interface PartFile {
  path: string
  /** Its note on which version it is. */
  notePath: string
  /** Null, and 0 bytes, when nothing has come that could be gone on with. */
  find(): Promise<{ version: Version | null; sizeBytes: number }>
  /** Begins with another version. */
  begin(version: Version): Promise<void>
  remove(): Promise<void>
}

export function partFileAt(directory: string, videoId: string): PartFile {
  const path = join(directory, videoId)
  const notePath = `${path}.json`
  const remove = async () => {
    await rm(path, { force: true })
    await rm(notePath, { force: true })
  }
  return {
    ...{ path, notePath, remove },
    async find() {
      const version = await readNote(notePath)
      if (!version) return { version, sizeBytes: 0 }
      const sizeBytes = await stat(path).then(
        ({ size }) => size,
        () => 0, // it was noted, and nothing came
      )
      return { version, sizeBytes }
    },
    async begin(version) {
      // In this order: bytes of another version must never stand beside this note.
      await remove()
      await writeFile(notePath, JSON.stringify(version))
    },
  }
}

/** Null when there is none, or whoever wrote it was killed. */
async function readNote(path: string): Promise<Version | null> {
  try {
    return Version.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}

/** All that lies in a folder of part files: what nobody has written to for long was given up, or failed for good. */
export async function* listFetchedParts(directory: string): AsyncGenerator<Leftover> {
  const names = await readdir(directory).catch(() => []) // none ever came
  for (const videoId of new Set(names.map(name => name.replace(/\.json$/, '')))) {
    const { path, notePath, remove } = partFileAt(directory, videoId)
    const found = await stat(path).catch(() => stat(notePath).catch(() => null)) // gone since the folder was read
    if (found) yield { name: path, key: null, modifiedAt: found.mtime, remove }
  }
}
