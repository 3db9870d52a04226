import type { BlobStore, OpenBlob } from '../platform/blobs/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Rendition } from '../platform/renditions/index.ts'
import type { VideoRecord } from '../videos/index.ts'

/** Where they never change, the film's checksum and a name tell the bytes; of what can be made anew, also when it was. */
export const etagOf = ({ video }: VideoRecord, name: string, made?: Rendition): string =>
  `"${video.checksum.replace('sha256:', '')}-${name}${made ? `-${made.madeAtMs.toString(36)}` : ''}"`

export const typeOf = ({ contentType }: Rendition): string => contentType ?? 'application/octet-stream'

/** Throws `storage.not_found` when the store has lost it. */
export async function openStored(blobs: BlobStore, key: string): Promise<OpenBlob> {
  const blob = await blobs.open(key)
  if (!blob) throw new AppError('storage.not_found', 'The bytes of this film are not in the store.')
  return blob
}
