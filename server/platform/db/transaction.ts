import type { Link, Runner } from './link.ts'

/** Runs `work` in the transaction that was begun on `link`, and ends it: with what failed, nothing is kept. */
export async function finishTransaction<T>(link: Link, work: (held: Runner) => Promise<T>): Promise<T> {
  let over = false
  const held: Runner = {
    async query(statement, values) {
      // What the body started and did not wait for would run on a connection that is somebody else's by now.
      if (over) throw new Error('A statement came after the end of its transaction.')
      return link.query(statement, values)
    },
  }
  try {
    const result = await work(held)
    over = true
    const { command } = await link.query({ text: 'commit' })
    // That is the database's answer when a statement had failed and the body went on all the same.
    if (command === 'ROLLBACK') throw new Error('A statement of this transaction had failed: nothing of it was kept.')
    return result
  } catch (fault) {
    over = true
    // A connection that can't even do this is not given back to the pool.
    if (!link.broken) await link.query({ text: 'rollback' }).catch(() => {})
    throw fault
  }
}
