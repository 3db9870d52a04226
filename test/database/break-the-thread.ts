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
  // Written before the thread started: it does not start at all.
  if (fs.existsSync(orders)) ways[fs.readFileSync(orders, 'utf8')]?.()
  setInterval(() => {
    if (!fs.existsSync(orders)) return
    const way = fs.readFileSync(orders, 'utf8')
    if (way === 'exit at the start') process.exit(3)
    fs.rmSync(orders)
    ways[way]?.()
  }, 20).unref()
}
