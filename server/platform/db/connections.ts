import { DatabaseAway } from './away.ts'
import { createLender, type LenderOptions, type Loan } from './lender.ts'
import type { Runner } from './link.ts'
import { finishTransaction } from './transaction.ts'

/** The connections to a database: a statement takes one for a moment, a transaction for itself. */
export interface Connections extends Runner {
  transaction<T>(work: (held: Runner) => Promise<T>): Promise<T>
  /** For what belongs to one connection and is no transaction. */
  hold<T>(work: (held: Runner) => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** How often what may be done twice is begun, when connections break. */
const attempts = 3

export function createConnections(options: LenderOptions): Connections {
  const lender = createLender(options)

  /** `work` gives the connection back, and is done with another one when that broke. */
  async function attempt<T>(times: number, work: (loan: Loan) => Promise<T>): Promise<T> {
    const loan = await lender.borrow()
    try {
      return await work(loan)
    } catch (fault) {
      if (!(fault instanceof DatabaseAway) || fault.wasSilent || times <= 1) throw fault
      return attempt(times - 1, work)
    }
  }

  return {
    query: (statement, values) =>
      attempt(onlyReads(statement.text) ? attempts : 1, ({ link, giveBack }) =>
        link.query(statement, values).finally(giveBack),
      ),
    async transaction(work) {
      const { link, giveBack } = await attempt(attempts, begin)
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
