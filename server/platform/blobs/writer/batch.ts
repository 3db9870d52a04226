/** Enough to be worth a message. */
const batchBytes = 1024 * 1024

/** Gathers buffers until they are worth a message to a thread, and says what of them can change hands without a copy. */
export function createBatch() {
  let chunks: Uint8Array[] = []
  let sizeBytes = 0
  return {
    /** True when it is time to take. */
    add(chunk: Buffer): boolean {
      // Part of a larger block of memory: the rest of it is somebody else's.
      const isWhole = chunk.byteLength === chunk.buffer.byteLength
      chunks.push(isWhole ? chunk : new Uint8Array(chunk))
      sizeBytes += chunk.byteLength
      return sizeBytes >= batchBytes
    },
    take(): { chunks: Uint8Array[]; transfer: ArrayBuffer[]; sizeBytes: number } {
      const taken = { chunks, transfer: chunks.map(({ buffer }) => buffer as ArrayBuffer), sizeBytes }
      chunks = []
      sizeBytes = 0
      return taken
    },
  }
}
