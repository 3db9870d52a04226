const mebibyte = 1024 * 1024
/** What is smaller, or of unknown size, is sent in one PUT. */
const worthParts = 100 * mebibyte
const leastPartBytes = 16 * mebibyte
/** A list of more would not fit the body that ends them. */
const mostParts = 1000
/** S3 takes no more in one request. */
export const mostPutBytes = 5 * 1024 * mebibyte

export interface PartPlan {
  partSizeBytes: number
  count: number
  /** Numbers count from 1; the last part has the rest. */
  sizeOf(number: number): number
}

/** How a film of this size is cut up; null when it is not. */
export function cutUp(sizeBytes: number | null): PartPlan | null {
  if (sizeBytes === null || sizeBytes <= worthParts) return null
  const partSizeBytes = Math.max(leastPartBytes, Math.ceil(sizeBytes / mostParts / mebibyte) * mebibyte)
  const count = Math.ceil(sizeBytes / partSizeBytes)
  return {
    partSizeBytes,
    count,
    sizeOf: number => (number < count ? partSizeBytes : sizeBytes - (count - 1) * partSizeBytes),
  }
}
