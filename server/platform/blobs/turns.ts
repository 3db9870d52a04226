/** Copying this much into sockets takes less than a millisecond. */
const bytesPerTurn = 1024 * 1024

/**
 * What lies in memory goes out without waiting for anything: sixty players would hold the event loop for as long as all
 * their copies take. So a turn of the loop sends so much, and the rest waits for the next, in its order.
 */
export function createTurns() {
  const waiting: { sizeBytes: number; go: () => void }[] = []
  let sentBytes = 0
  let next: NodeJS.Immediate | undefined

  function begin(): void {
    next = undefined
    sentBytes = 0
    for (let first = waiting.shift(); first; first = sentBytes < bytesPerTurn ? waiting.shift() : undefined) {
      spend(first.sizeBytes)
      first.go()
    }
  }
  function spend(sizeBytes: number): void {
    sentBytes += sizeBytes
    if (!next) next = setImmediate(begin)
  }
  return {
    /** Null: go on at once. */
    await(sizeBytes: number): Promise<void> | null {
      if (sentBytes >= bytesPerTurn) return new Promise(go => waiting.push({ sizeBytes, go }))
      spend(sizeBytes)
      return null
    },
  }
}
export type Turns = ReturnType<typeof createTurns>
