import type { EventsFrame } from '../../../shared/index.ts'
import { type Database, DatabaseAway, type Tx } from '../db/index.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { createFanOut } from './fan-out.ts'
import { groupCommit } from './group-commit.ts'
import { type Inserted, type Insertion, type Item, insertAndLog } from './insert-and-log.ts'
import type { Append, Journal } from './journal.ts'
import { readAll } from './read-all.ts'
import { readHeads, readSince } from './read-events.ts'
import { type Fact, writeEvents } from './write-events.ts'

/** `Request` is whatever asks for work. */
export interface JournalOptions<Request> {
  database: Database
  /** The jobs that follow from a fact. */
  follow: (fact: Fact) => readonly Request[]
  /** What other streams are told of a fact, in its transaction. */
  echo?: (fact: Fact) => readonly Fact[]
  /** Asks for jobs in the transaction of the fact. */
  ask: (tx: Tx, requests: readonly Request[]) => Promise<void>
  /** Called after the commit, so that jobs start at once. */
  wake: (requests: readonly Request[]) => void
  log: Log
}

const patienceMs = 30

export function createJournal<Request>(options: JournalOptions<Request>): Journal {
  const { database, follow, echo = () => [], ask, wake, log } = options
  const fanOut = createFanOut({
    since: (stream, seq, limit) => readSince(database.db, stream, { seq, limit }),
    // One connection commits in order; several servers may differ by as long as word takes from one to another.
    patienceMs: database.kind === 'embedded' ? 0 : patienceMs,
    onFault: (stream, fault) =>
      log.warn({ stream, reason: messageOf(fault) }, 'a gap in the fan-out was left to the clients'),
  })

  const writtenListeners = new Set<(frame: EventsFrame) => void>()
  const announce = (frames: readonly EventsFrame[], requests: readonly Request[]) => {
    for (const frame of frames) {
      fanOut.publish(frame)
      for (const listener of writtenListeners) listener(frame)
    }
    if (requests.length > 0) wake(requests)
  }

  const transact = async <T>(work: (tx: Tx, append: Append) => Promise<T>): Promise<T> => {
    const { result, frames, requests } = await database.transaction(async tx => {
      const facts: Fact[] = []
      const result = await work(tx, (stream, type, payload) => facts.push({ stream, type, payload }))
      const requests = facts.flatMap(follow)
      if (requests.length > 0) await ask(tx, requests)
      const told = [...facts, ...facts.flatMap(echo)]
      return { result, requests, frames: told.length > 0 ? await writeEvents(tx, told) : [] }
    })
    announce(frames, requests)
    return result
  }

  return {
    transact,
    groupedInsert: insertion => insertInGroups(options, insertion, announce),
    since: (stream, seq, limit) => readSince(database.db, stream, { seq, limit }),
    all: (after, limit) => readAll(database.db, after, limit),
    async head(stream) {
      const [head] = await readHeads(database.db, [stream])
      const seq = head?.seq ?? 0
      fanOut.startAt(stream, seq)
      return seq
    },
    heard: fanOut.publish,
    async catchUp(streams) {
      const heads = streams.length > 0 ? await readHeads(database.db, streams) : []
      await Promise.all(heads.map(({ stream, seq }) => fanOut.reaches(stream, seq)))
    },
    onWritten(listener) {
      writtenListeners.add(listener)
      return () => writtenListeners.delete(listener)
    },
    onCommitted: fanOut.listen,
  }
}

type Announce<Request> = (frames: readonly EventsFrame[], requests: readonly Request[]) => void

function insertInGroups<I extends Item, Request>(
  { database, follow, ask }: JournalOptions<Request>,
  insertion: Insertion<I>,
  announce: Announce<Request>,
): (item: I) => Promise<boolean> {
  const insert = insertAndLog(insertion)
  const factOf = (item: I): Fact => ({
    stream: insertion.stream(item),
    type: insertion.type,
    payload: insertion.payload(item),
  })
  const alone = (items: readonly I[]): Promise<Inserted> =>
    insert(database.db, items).catch(fault =>
      // Items have their ids, so that what was committed before the connection broke is not inserted twice.
      fault instanceof DatabaseAway ? insert(database.db, items) : Promise.reject(fault),
    )
  const withJobs = (items: readonly I[]) =>
    database.transaction(async tx => {
      const inserted = await insert(tx, items)
      const requests = inserted.facts.flatMap(follow)
      if (requests.length > 0) await ask(tx, requests)
      return { ...inserted, requests }
    })
  return groupCommit(async items => {
    const brings = items.some(item => follow(factOf(item)).length > 0)
    const { ids, frames, requests } = brings ? await withJobs(items) : { ...(await alone(items)), requests: [] }
    announce(frames, requests)
    return items.map(item => ids.has(item.id))
  })
}
