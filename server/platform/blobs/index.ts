/** Where uploaded and derived bytes live. */
export type { BlobDraft, BlobStat, BlobStore, OpenBlob } from './blob-store.ts'
export { createDiskBlobs } from './disk.ts'
