export interface BlobStat {
  sizeBytes: number
  modifiedAt: Date
}
