import { Pool, type PoolClient, type PoolConfig } from 'pg'
import { AppError, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { DatabaseAway } from './away.ts'
import { createLink, cutOff, endMs, type Link, type Runner } from './link.ts'
import { createOutage } from './outage.ts'
import { finishTransaction } from './transaction.ts'

/** The connections to a database: a statement takes one for a moment, a transaction for itself. */
export interface Connections extends Runner {
  transaction<T>(work: (held: Runner) => Promise<T>): Promise<T>
  /** For what belongs to one connection and is no transaction. */
  hold<T>(work: (held: Runner) => Promise<T>): Promise<T>
  stop(): Promise<void>
}

export interface ConnectionsOptions extends Omit<PoolConfig, 'log'> {
  log: Log
  /** Called when a connection breaks. Another is made when it is needed. */
  onBroken?: (fault: Error) => void
}

interface Loan {
  link: Link
  giveBack(): void
}

/** What pg's pool says when no connection became free in time. */
const allInUse = 'timeout exceeded when trying to connect'
/** A connection that nobody used for so long is tried first: its other end may be gone without a word. */
const restMs = 10_000
const trialMs = 2000
/** How many connections are tried when the one at hand turns out to be broken. */
const attempts = 3

export function createConnections({ log, onBroken, ...config }: ConnectionsOptions): Connections {
  const pool = new Pool({ ...config, pipeline: true, keepAlive: true, keepAliveInitialDelayMillis: 10_000 })
  const links = new Map<PoolClient, Link>()
  const outage = createOutage(log, async () => (await borrow()).giveBack())
  pool.on('connect', client => {
    links.set(client, createLink(client, onBroken))
    outage.ended()
  })
  pool.on('remove', client => links.delete(client))
  // One that breaks while nobody uses it leaves the pool by itself.
  pool.on('error', () => {})

  async function connect(): Promise<PoolClient> {
    try {
      return await pool.connect()
    } catch (fault) {
      if (pool.ending) throw new AppError('server.stopping', 'The server is stopping.', { cause: fault })
      if (messageOf(fault) === allInUse) throw new AppError('server.busy', 'Too much is asked for at once.')
      outage.began(fault)
      throw new DatabaseAway(fault)
    }
  }
  async function borrow(): Promise<Loan> {
    for (;;) {
      const client = await connect()
      const link = links.get(client) ?? createLink(client)
      const loan = { link, giveBack: () => client.release(link.broken || client.getTransactionStatus() !== 'I') }
      if (await answers(link)) return loan
      loan.giveBack()
    }
  }
  /** Where a time is set for statements: on the embedded database nothing comes between. */
  async function answers(link: Link): Promise<boolean> {
    if (config.query_timeout === undefined || performance.now() - link.usedAtMs < restMs) return true
    return link.query({ text: 'select 1', query_timeout: trialMs }).then(
      () => true,
      () => false,
    )
  }
  /** With another connection when one breaks: `work` is begun anew, and so is only what may be. */
  async function attempt<T>(times: number, work: (loan: Loan) => Promise<T>): Promise<T> {
    const loan = await borrow()
    try {
      return await work(loan)
    } catch (fault) {
      if (!loan.link.broken || times <= 1) throw fault
      return attempt(times - 1, work)
    }
  }
  const begin = (loan: Loan) =>
    loan.link.query({ text: 'begin' }).then(
      () => loan,
      fault => {
        loan.giveBack()
        throw fault
      },
    )

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
      const { link, giveBack } = await borrow()
      return work(link).finally(giveBack)
    },
    async stop() {
      outage.stop()
      setTimeout(() => links.keys().forEach(cutOff), endMs).unref()
      await pool.end()
    },
  }
}

const onlyReads = (text: string): boolean => /^\s*select\b/i.test(text)
