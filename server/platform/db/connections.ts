import { setTimeout as wait } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import { DatabaseAway } from './away.ts'
import { createLender, type LenderOptions, type Loan } from './lender.ts'
import type { Runner } from './link.ts'
import { finishTransaction } from './transaction.ts'

/** The connections to a database: a statement takes one for as long as it runs, a transaction for itself. */
export interface Connections extends Runner {
  transaction<T>(work: (held: Runner) => Promise<T>): Promise<T>
  /** For what belongs to one connection and is no transaction. */
  hold<T>(work: (held: Runner) => Promise<T>): Promise<T>
  stop(): Promise<void>
}

const pauseMs = 20
/** For what goes wrong by itself, beyond connections that were broken already. */
const attempts = 3

interface Attempts {
  /** Whether it may be begun anew after this fault. */
  again: (fault: unknown) => boolean
  left?: number
}

export function createConnections(options: LenderOptions): Connections {
  const lender = createLender(options)
  // When all ended at once, each that is taken may be one of them.
  const mostAttempts = attempts + (options.max ?? 0)

  /** `work` gives the connection back. */
  async function attempt<T>({ again, left = mostAttempts }: Attempts, work: (loan: Loan) => Promise<T>): Promise<T> {
    const loan = await lender.borrow()
    try {
      return await work(loan)
    } catch (fault) {
      if (left <= 1 || !again(fault)) throw fault
      // Whoever won a deadlock should have what it waited for first.
      if (lostDeadlock(fault)) await wait(pauseMs)
      return attempt({ again, left: left - 1 }, work)
    }
  }

  return {
    query(statement, values) {
      const again = (fault: unknown) => lostDeadlock(fault) || (onlyReads(statement.text) && foundBroken(fault))
      return attempt({ again }, ({ link, giveBack }) => link.query(statement, values).finally(giveBack))
    },
    async transaction(work) {
      const { link, giveBack } = await attempt({ again: foundBroken }, begin)
      return finishTransaction(link, work).finally(giveBack)
    },
    async hold(work) {
      const { link, giveBack } = await lender.borrow()
      return work(link).finally(giveBack)
    },
    stop: lender.stop,
  }
}

async function begin(loan: Loan): Promise<Loan> {
  try {
    await loan.link.query({ text: 'begin' })
    return loan
  } catch (fault) {
    loan.giveBack()
    throw fault
  }
}

const onlyReads = (text: string): boolean => /^\s*select\b/i.test(text)

/** The next connection may be better. After a silence it is not tried: that has taken long enough. */
const foundBroken = (fault: unknown): boolean => fault instanceof DatabaseAway && !fault.wasSilent

/** The database undid all that the statement did, for another one's sake. */
const lostDeadlock = (fault: unknown): boolean => fault instanceof DatabaseError && fault.code === '40P01'
