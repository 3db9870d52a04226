import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { and, inArray } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Leftover } from '../platform/blobs/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import type { Claimant } from '../platform/removals/index.ts'
import { inVideoFolder } from '../videos/index.ts'
import { open } from './queries.ts'
import { uploads } from './schema.ts'

/** What senders wrote to the object store, and what lies in the folders of videos that are to come. */
export const uploadClaimants = (db: Queryable): Claimant[] => [
  {
    shape: /^incoming\/[0-9a-f-]{36}$/,
    async wanted(keys) {
      const rows = await db
        .select({ blob: uploads.incomingBlob })
        .from(uploads)
        .where(inArray(uploads.incomingBlob, [...keys]))
      return new Set(rows.flatMap(({ blob }) => blob ?? []))
    },
  },
  {
    shape: inVideoFolder,
    async wanted(keys) {
      const idIn = (key: string) => inVideoFolder.exec(key)?.[1] as VideoId
      const ids = [...new Set(keys.map(idIn))]
      const rows = await db
        .select({ id: uploads.videoId })
        .from(uploads)
        .where(and(inArray(uploads.videoId, ids), open))
      const coming = new Set(rows.map(({ id }) => id))
      return new Set(keys.filter(key => coming.has(idIn(key))))
    },
  },
]

/** Parts of resumable uploads that nobody waits for any more. */
export async function* listOldParts(db: Queryable, directory: string): AsyncGenerator<Leftover> {
  const names = await readdir(directory).catch(() => []) // none ever came
  const idOf = (name: string) => name.replace(/\.(json|unchecked)$/, '')
  for (let start = 0; start < names.length; start += 500) {
    const some = names.slice(start, start + 500)
    const ids = [...new Set(some.map(idOf))]
    const rows = await db
      .select({ id: uploads.id })
      .from(uploads)
      .where(and(inArray(uploads.id, ids), open))
    const waited = new Set(rows.map(({ id }) => id))
    for (const name of some) {
      if (waited.has(idOf(name))) continue
      const path = join(directory, name)
      const found = await stat(path).catch(() => null) // gone since the folder was read
      if (found) yield { name: path, key: null, modifiedAt: found.mtime, remove: () => rm(path, { force: true }) }
    }
  }
}
