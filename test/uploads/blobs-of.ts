import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { TestApp } from '../support/start-test-app.ts'

/** Keys of all that is stored, drafts and parts included. */
export async function blobsOf({ dataDirectory }: Pick<TestApp, 'dataDirectory'>): Promise<string[]> {
  const root = join(dataDirectory, 'blobs')
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => relative(root, join(entry.parentPath, entry.name)))
}

/** The same film with other bytes: an MP4 may end in a box that players pass over. */
export function numberedFilm(film: Buffer, number: number): Buffer {
  const box = Buffer.alloc(12)
  box.writeUInt32BE(12)
  box.write('free', 4)
  box.writeUInt32BE(number, 8)
  return Buffer.concat([film, box])
}
