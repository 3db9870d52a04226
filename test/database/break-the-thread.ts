// Preloaded into a server (`NODE_OPTIONS=--import=…`): breaks the thread of its embedded database in the way that is
// written to the file RUSHES_BREAK, each time that something is written there.
import fs from 'node:fs'
import { isMainThread, workerData } from 'node:worker_threads'

const { RUSHES_BREAK: orders = '' } = process.env

const ways: Record<string, () => void> = {
  exit: () => process.exit(3),
  throw() {
    throw new Error('thrown where nobody catches it')
  },
  /** The disk says no: PostgreSQL panics, for it can't know any more what is on it. */
  panic() {
    fs.fsyncSync = () => {
      throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })
    }
  },
}

if (!isMainThread && (workerData as { socketPath?: string } | null)?.socketPath !== undefined) {
  const order = () => (fs.existsSync(orders) ? fs.readFileSync(orders, 'utf8') : '')
  if (order() === 'exit for good') process.exit(3)
  setInterval(() => {
    const way = order()
    // It is being written.
    if (way === '') return
    if (way === 'exit for good') process.exit(3)
    fs.rmSync(orders, { force: true })
    ways[way]?.()
  }, 20).unref()
}
