import { AsyncLocalStorage } from 'node:async_hooks'
import type { Db } from './database.ts'

/**
 * The embedded database has one connection, and a transaction holds it: a query that goes past the transaction inside
 * its body would wait for ever. So it is refused at once, on every database alike.
 */
export function createTransactionGuard() {
  const running = new AsyncLocalStorage<{ open: boolean }>()
  const refuseInside = () => {
    if (running.getStore()?.open) {
      throw new Error('A query went past its transaction: inside the body of a transaction use `tx`, never `db`.')
    }
  }
  return {
    refuseInside,
    /** The same, refusing to be used inside the body of a transaction. */
    guard: (db: Db): Db =>
      new Proxy(db, {
        get(target, name) {
          refuseInside()
          return Reflect.get(target, name, target)
        },
      }),
    async inside<T>(body: () => Promise<T>): Promise<T> {
      // Work that the body starts and does not wait for outlives the transaction; from then on it may query freely.
      const transaction = { open: true }
      try {
        return await running.run(transaction, body)
      } finally {
        transaction.open = false
      }
    },
  }
}
