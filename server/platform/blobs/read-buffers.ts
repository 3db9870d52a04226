/** Chunks of a quarter of this send as fast, and cost a little more of the processor. */
const largeBytes = 1024 * 1024
const smallBytes = 64 * 1024
/** Large ones lent at once. A paused player holds one for as long as it likes: a thousand of them must not cost a gigabyte. */
const maxLarge = 64
/** Those kept for the next one, of each size. */
const maxFree = 32

/** Buffers to read files into, lent and given back: a fresh megabyte a chunk would keep the garbage collector busy. */
export function createReadBuffers() {
  const free = { small: [] as Buffer[], large: [] as Buffer[] }
  let largeLent = 0
  return {
    lend(wantedBytes: number): Buffer {
      if (wantedBytes <= smallBytes || largeLent >= maxLarge)
        return free.small.pop() ?? Buffer.allocUnsafeSlow(smallBytes)
      largeLent += 1
      return free.large.pop() ?? Buffer.allocUnsafeSlow(largeBytes)
    },
    /** `reusable` is false while somebody may still read the buffer: it is left to the garbage collector then. */
    giveBack(buffer: Buffer, reusable: boolean): void {
      const kind = buffer.length === largeBytes ? 'large' : 'small'
      if (kind === 'large') largeLent -= 1
      if (reusable && free[kind].length < maxFree) free[kind].push(buffer)
    },
  }
}
export type ReadBuffers = ReturnType<typeof createReadBuffers>
