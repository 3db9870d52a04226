import { Pool, type PoolClient, type PoolConfig } from 'pg'
import { AppError, fail, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { DatabaseAway } from './away.ts'
import { createLink, cutOff, endMs, howToConnect, type Link } from './link.ts'
import { createOutage } from './outage.ts'

export interface LenderOptions extends Omit<PoolConfig, 'log'> {
  log: Log
  /** Run on each connection before anything else, and again after a rest. */
  greeting?: string
  /** Called when a connection breaks. Another is made when it is needed. */
  onBroken?: (fault: Error) => void
}

/** A connection, until it is given back. */
export interface Loan {
  link: Link
  giveBack(): void
}

export interface Lender {
  /** Throws `DatabaseAway`, and `server.busy` when none becomes free in time. */
  borrow(): Promise<Loan>
  stop(): Promise<void>
}

/** What pg's pool says when no connection became free in time. */
const allInUse = 'timeout exceeded when trying to connect'
/** A connection that nobody used for so long is greeted again: its other end may be gone without a word. */
const restMs = 10_000
const greetingMs = 5000
/** How many connections are tried, beyond those that may have ended all together while they rested. */
const attempts = 3

/** The pool: only connections that work leave it, and only those that can be used again come back. */
export function createLender({ log, greeting, onBroken, ...config }: LenderOptions): Lender {
  const links = new Map<PoolClient, Link>()
  const pool = new Pool({
    ...{ ...config, ...howToConnect },
    // Earlier than the pool's own event, for a connection may end in between.
    onConnect: client => void links.set(client as PoolClient, createLink(client, onBroken)),
  })
  const outage = createOutage(log, async () => (await borrow()).giveBack())
  pool.on('connect', outage.ended)
  pool.on('remove', client => links.delete(client))
  // One that breaks while nobody uses it leaves the pool by itself.
  pool.on('error', () => {})

  async function connect(): Promise<PoolClient> {
    try {
      return await pool.connect()
    } catch (fault) {
      if (pool.ending) throw fail('server.stopping', { cause: fault })
      if (messageOf(fault) === allInUse)
        throw new AppError('server.busy', 'Too much is asked for at once. Try again soon.')
      outage.began(fault)
      throw new DatabaseAway(fault)
    }
  }
  /** A link that does not answer is broken afterwards. */
  async function greet(link: Link): Promise<void> {
    if (greeting === undefined || performance.now() - link.usedAtMs < restMs) return
    await link.query({ text: greeting, query_timeout: greetingMs }).catch(() => {})
  }
  const mostBroken = attempts + (config.max ?? 0)
  async function borrow(): Promise<Loan> {
    const beganMs = performance.now()
    // Those that are found silent take their time: no more than a few of them are waited for.
    for (let tried = 0; tried < mostBroken && performance.now() - beganMs < attempts * greetingMs; tried++) {
      const client = await connect()
      const link = links.get(client) ?? createLink(client)
      const giveBack = () => client.release(link.broken || client.getTransactionStatus() !== 'I')
      await greet(link)
      if (!link.broken) return { link, giveBack }
      giveBack()
    }
    throw new DatabaseAway(new Error('each connection was found broken as soon as it was taken'))
  }

  return {
    borrow,
    async stop() {
      outage.stop()
      setTimeout(() => links.keys().forEach(cutOff), endMs).unref()
      await pool.end()
    },
  }
}
