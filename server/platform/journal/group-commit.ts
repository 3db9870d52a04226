import { setImmediate } from 'node:timers/promises'

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

  /** As long as more come in every turn of the event loop they are waited for: one alone waits for one turn. */
  const gathered = async () => {
    for (let before = 0; before < waiting.length && waiting.length < groupSize; ) {
      before = waiting.length
      await setImmediate()
    }
  }
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
    while (waiting.length > 0) {
      await gathered()
      const group = waiting.slice(0, groupSize)
      waiting = waiting.slice(groupSize)
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
