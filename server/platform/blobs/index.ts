/** Where files live, those that were given and those that were made of them. */
import type { S3BlobsOptions } from './s3/index.ts'

export type { BlobDraft, BlobEntry, BlobStat, BlobStore, Leftover, OpenBlob } from './blob-store.ts'
export type { DirectAccess, ReadUrlOptions, StoredBlob, StoredPart, WriteUrlOptions } from './direct-access.ts'
export { createDiskBlobs } from './disk.ts'
export { createMigratingBlobs } from './migrating.ts'
export type { S3BlobsOptions } from './s3/index.ts'
export { createFileWriter, type FileWriter, type Written } from './writer/index.ts'

/** Its library is large: whoever keeps their files on the disk never loads it. */
export const openS3Blobs = async (options: S3BlobsOptions) => (await import('./s3/index.ts')).createS3Blobs(options)
