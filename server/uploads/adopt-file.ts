import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, open, rm, stat } from 'node:fs/promises'
import type { BlobDraft } from '../platform/blobs/index.ts'
import { type CheckFile, headBytes, type Received, tooLarge } from './receive-file.ts'

/**
 * Makes a file that lies beside the blobs a draft, without a copy: another name for the same bytes, so that a crash
 * before the end leaves the file where it was. Its parts came in several requests, maybe to several processes, so its
 * checksum is counted now.
 */
export async function adoptFile(path: string, draft: BlobDraft, check: CheckFile): Promise<Received> {
  const { size } = await stat(path)
  if (size > check.maxBytes) throw tooLarge(check.maxBytes)
  await check.checkHead(await headOf(path))
  const hash = createHash('sha256')
  const bytes = createReadStream(path, { highWaterMark: 1024 * 1024, signal: check.signal })
  for await (const chunk of bytes) hash.update(chunk)
  await rm(draft.path)
  // Some file systems give no second name: there it is copied.
  await link(path, draft.path).catch(() => copyFile(path, draft.path))
  return { sizeBytes: size, checksum: `sha256:${hash.digest('hex')}` }
}

async function headOf(path: string): Promise<Uint8Array> {
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
  return buffer.subarray(0, bytesRead)
}
