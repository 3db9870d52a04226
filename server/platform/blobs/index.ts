/** Where uploaded and derived bytes live. */
export type { BlobDraft, BlobEntry, BlobStat, BlobStore, Leftover, OpenBlob } from './blob-store.ts'
export type { DirectAccess, ReadUrlOptions, StoredBlob, StoredPart, WriteUrlOptions } from './direct-access.ts'
export { createDiskBlobs } from './disk.ts'
export { createMigratingBlobs } from './migrating.ts'
export { createS3Blobs, type S3BlobsOptions } from './s3/index.ts'
export { createFileWriter, type FileWriter, type Written } from './writer/index.ts'
