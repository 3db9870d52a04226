import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../server/platform/errors.ts'
import { task } from '../../server/platform/threads/index.ts'

export type Order =
  | { do: 'add'; a: number; b: number }
  | { do: 'fail' }
  | { do: 'crash' }
  | { do: 'crash later' }
  | { do: 'wait' }
  | { do: 'spin'; ms: number }

export const run = task<Order, number, string>(async (order, { signal, note }) => {
  if (order.do === 'add') return order.a + order.b
  if (order.do === 'fail') throw new AppError('media.failed', 'No such film.', { details: { line: 3 } })
  if (order.do === 'crash') process.exit(3)
  if (order.do === 'crash later') {
    setTimeout(() => {
      throw new Error('nobody waits for this')
    }, 20)
    return 1
  }
  note('started')
  if (order.do === 'spin') {
    const end = Date.now() + order.ms
    while (Date.now() < end);
    return order.ms
  }
  try {
    await wait(60_000, undefined, { signal })
  } finally {
    note('cleaned up')
  }
  return 0
})
