import { copyFile, link, open, rm, stat } from 'node:fs/promises'
import type { BlobDraft } from '../platform/blobs/index.ts'
import { type CheckFile, headBytes, type Received, receivedOf, tooLarge } from './receive-file.ts'

/**
 * Makes a file that lies beside the blobs a draft, without a copy: another name for the same bytes, so that a crash
 * before the end leaves the file where it was. Its checksum is known when all its parts came to this process, one after the
 * other; else it is counted now.
 */
async function adoptFile(path: string, draft: BlobDraft, check: CheckFile): Promise<Received> {
  const { size } = await stat(path)
  if (size > check.maxBytes) throw tooLarge(check.maxBytes)
  await check.checkHead(await headOf(path))
  const digest = await check.writer.digest(path, check.signal)
  await rm(draft.path)
  // Some file systems give no second name: there it is copied.
  await link(path, draft.path).catch(() => copyFile(path, draft.path))
  return receivedOf(digest)
}

/** Fills a draft from a file of ours, which stays where it is. */
export const fromFile =
  (path: string) =>
  (draft: BlobDraft, check: CheckFile): Promise<Received> =>
    adoptFile(path, draft, check)

async function headOf(path: string): Promise<Uint8Array> {
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
  return buffer.subarray(0, bytesRead)
}
