/** How many items share one commit at most: bounds the size of its statements. */
const groupSize = 256

interface Waiting<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (fault: unknown) => void
}

/**
 * Items that arrive while `commit` runs share its next call; one that comes alone goes at once. When a group fails,
 * its items are tried one by one, so that a faulty one fails alone.
 */
export function groupCommit<Item, Result>(
  commit: (items: readonly Item[]) => Promise<Result[]>,
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = []
  let running = false

  const settle = async (group: Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await commit(group.map(({ item }) => item))
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result)
    } catch (fault) {
      if (group.length === 1) return group[0]?.reject(fault)
      for (const one of group) await settle([one])
    }
  }
  const drain = async () => {
    running = true
    for (let before = 0; waiting.length > 0; ) {
      // Half-way to the last one's size: people who talk as fast as they are acknowledged fall into two groups of one
      // size, of which one is committed while the other is told, instead of all waiting for all in turn.
      const size = Math.min(groupSize, Math.ceil((waiting.length + before) / 2))
      const group = waiting.slice(0, size)
      waiting = waiting.slice(size)
      before = group.length
      await settle(group)
    }
    running = false
  }
  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!running) void drain()
    })
}
