import type { RoomEvent } from '../../../shared/index.ts'
import type { Database, Tx } from '../db/index.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { JobRequest } from '../queue/index.ts'
import { createFanOut } from './fan-out.ts'
import { groupCommit } from './group-commit.ts'
import type { Append, Journal } from './journal.ts'
import { readHead, readSince } from './read-events.ts'
import { type Fact, writeEvents } from './write-events.ts'

export interface JournalOptions {
  database: Database
  /** What is to be done after an event. */
  follow: (event: Pick<RoomEvent, 'type' | 'payload'>) => readonly string[]
  /** Enqueues in the transaction of the fact. */
  enqueue: (tx: Tx, requests: readonly JobRequest[]) => Promise<void>
  /** Called after the commit, so that jobs start at once. */
  wake: (requests: readonly JobRequest[]) => void
  log: Log
}

export function createJournal({ database, follow, enqueue, wake, log }: JournalOptions): Journal {
  const fanOut = createFanOut((videoId, seq, limit) => readSince(database.db, videoId, { seq, limit }))

  const transact = async <T>(work: (tx: Tx, append: Append) => Promise<T>): Promise<T> => {
    const facts: Fact[] = []
    let requests: JobRequest[] = []
    const { result, frames } = await database.transaction(async tx => {
      const result = await work(tx, (videoId, type, payload) => facts.push({ videoId, type, payload }))
      requests = facts.flatMap(fact =>
        follow(fact as Pick<RoomEvent, 'type' | 'payload'>).map(name => ({ name, payload: { videoId: fact.videoId } })),
      )
      if (requests.length > 0) await enqueue(tx, requests)
      return { result, frames: facts.length > 0 ? await writeEvents(tx, facts) : [] }
    })
    for (const frame of frames) {
      fanOut
        .publish(frame)
        ?.catch(fault =>
          log.warn(
            { videoId: frame.videoId, reason: messageOf(fault) },
            'a gap in the fan-out was left to the clients',
          ),
        )
    }
    if (requests.length > 0) wake(requests)
    return result
  }

  return {
    transact,
    grouped: write => groupCommit(items => transact((tx, append) => write(tx, items, append))),
    since: (videoId, seq, limit) => readSince(database.db, videoId, { seq, limit }),
    head: videoId => readHead(database.db, videoId),
    onCommitted: fanOut.listen,
  }
}
