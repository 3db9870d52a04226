import { randomUUID } from 'node:crypto'
import type { Database, Tx } from '../db/index.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { keepLease, type LeaseTerms } from './keep-lease.ts'
import {
  askForLease,
  dropAllLeases,
  dropLease,
  forgetLapsed,
  lockLease,
  renewLease,
  revokeLease,
  takeLease,
  takeLeaseWithin,
} from './queries.ts'

/** What one attempt holds. It is renewed until it is released or lost. */
export interface Lease extends AsyncDisposable {
  /** Nobody else ever has this one. */
  holder: string
  /** Aborts when somebody else may hold it. By time, when the database can't be asked. */
  signal: AbortSignal
  /**
   * Whether it is still ours, and then it stays so until the transaction ends. Asked for first in the transaction that
   * settles or removes something; one that has lapsed and that nobody took holds.
   */
  holds(tx: Tx): Promise<boolean>
  /** The same; throws what was to be heard when it is lost. */
  confirm(tx: Tx): Promise<void>
  /** Never throws: what can't be given back now lapses. */
  release(): Promise<void>
}

/** Who holds a thing: one at a time, on all servers that share the database. */
export interface Leases {
  /** For whoever asks first, or when it has lapsed; null while somebody else has it. */
  take(name: string, terms: LeaseTerms): Promise<Lease | null>
  /** Its holder hears that somebody waits. */
  ask(name: string): Promise<void>
  /**
   * Takes what nobody has, for as long as the transaction lasts; false while somebody has it. Whoever acts because a lease
   * has lapsed does so under this, or under one of its own: a holder that was late finds out.
   */
  takeWithin(tx: Tx, name: string): Promise<boolean>
  /** Takes it from whoever has it: what they do is not wanted any more. First in its transaction. */
  revoke(tx: Tx, name: string): Promise<void>
  /** Before anything is taken. */
  start(): Promise<void>
  stop(): Promise<void>
}

const forgetEveryMs = 10 * 60_000

export function createLeases({ database, log }: { database: Database; log: Log }): Leases {
  const { db } = database
  let timer: NodeJS.Timeout | undefined

  const forget = () => {
    forgetLapsed(db).catch(fault => log.warn({ reason: messageOf(fault) }, 'leases that lapsed were not forgotten'))
  }

  return {
    async take(name, terms) {
      const holding = { name, holder: randomUUID() }
      const askedAtMs = Date.now()
      if (!(await takeLease(db, holding, terms.leaseMs))) return null
      const kept = keepLease({ ...terms, askedAtMs, renew: () => renewLease(db, holding, terms.leaseMs) })
      const release = async () => {
        await kept.stop()
        await dropLease(db, holding).catch(fault => {
          log.warn({ lease: kindOf(name), reason: messageOf(fault) }, 'a lease was left to lapse')
        })
      }
      const holds = (tx: Tx) => lockLease(tx, holding)
      return {
        holder: holding.holder,
        signal: kept.signal,
        holds,
        async confirm(tx) {
          if (!(await holds(tx))) throw terms.lost()
        },
        release,
        [Symbol.asyncDispose]: release,
      }
    },
    ask: name => askForLease(db, name),
    takeWithin: (tx, name) => takeLeaseWithin(tx, { name, holder: randomUUID() }),
    revoke: revokeLease,
    async start() {
      // Nobody else works on an embedded database: what is held at its start was left by a process that has ended.
      if (database.kind === 'embedded') await dropAllLeases(db)
      timer = setInterval(forget, forgetEveryMs)
    },
    async stop() {
      clearInterval(timer)
    },
  }
}

/** The rest of a name may be a secret. */
const kindOf = (name: string): string => name.split(':')[0] ?? ''
