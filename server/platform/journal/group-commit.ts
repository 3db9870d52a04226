import { setImmediate } from 'node:timers/promises'
import { DatabaseAway } from '../db/index.ts'

/** How many items share one commit at most: bounds the size of its statements. */
const groupSize = 256
/** A larger group costs less for each in it, at the database and in every connection that is told. */
const patienceMs = 2

interface Waiting<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (fault: unknown) => void
}

/**
 * Items that arrive while `commit` runs share its next call, with those that follow within an instant; one that comes
 * alone goes at once. When a group fails, its items are tried one by one, so that a faulty one fails alone; it is nobody's
 * fault that the database is away.
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
      const isWhole = group.length === 1 || fault instanceof DatabaseAway
      for (const one of group) isWhole ? one.reject(fault) : await settle([one])
    }
  }
  /** Who was told just now may have more to say: worth waiting for, but not for long. */
  const gathered = async (expected: number) => {
    const end = performance.now() + patienceMs
    while (waiting.length < Math.min(0.9 * expected, groupSize) && performance.now() < end) await setImmediate()
  }
  const drain = async () => {
    running = true
    for (let before = 0; waiting.length > 0; ) {
      await gathered(waiting.length + before)
      const group = waiting.slice(0, groupSize)
      waiting = waiting.slice(groupSize)
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
