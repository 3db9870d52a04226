import type { RoomEvent, RoomEventsFrame } from '../../../shared/index.ts'
import type { Database, Tx } from '../db/index.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { JobRequest } from '../queue/index.ts'
import { createFanOut } from './fan-out.ts'
import { groupCommit } from './group-commit.ts'
import { insertAndLog } from './insert-and-log.ts'
import type { Append, Journal } from './journal.ts'
import { readHeads, readSince } from './read-events.ts'
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

const patienceMs = 30

export function createJournal({ database, follow, enqueue, wake, log }: JournalOptions): Journal {
  const fanOut = createFanOut({
    since: (videoId, seq, limit) => readSince(database.db, videoId, { seq, limit }),
    // One connection commits in order; several servers may differ by as long as word takes from one to another.
    patienceMs: database.kind === 'embedded' ? 0 : patienceMs,
    onFault: (videoId, fault) =>
      log.warn({ videoId, reason: messageOf(fault) }, 'a gap in the fan-out was left to the clients'),
  })

  const writtenListeners = new Set<(frame: RoomEventsFrame) => void>()
  const announce = (frames: readonly RoomEventsFrame[]) => {
    for (const frame of frames) {
      fanOut.publish(frame)
      for (const listener of writtenListeners) listener(frame)
    }
  }

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
    announce(frames)
    if (requests.length > 0) wake(requests)
    return result
  }

  return {
    transact,
    groupedInsert(insertion) {
      const insert = insertAndLog(database, insertion)
      return groupCommit(async items => {
        const { ids, frames } = await insert(items)
        announce(frames)
        return items.map(item => ids.has(item.id))
      })
    },
    since: (videoId, seq, limit) => readSince(database.db, videoId, { seq, limit }),
    async head(videoId) {
      const [head] = await readHeads(database.db, [videoId])
      const seq = head?.seq ?? 0
      fanOut.startAt(videoId, seq)
      return seq
    },
    heard: fanOut.publish,
    async catchUp(videoIds) {
      const heads = videoIds.length > 0 ? await readHeads(database.db, videoIds) : []
      await Promise.all(heads.map(({ videoId, seq }) => fanOut.reaches(videoId, seq)))
    },
    onWritten(listener) {
      writtenListeners.add(listener)
      return () => writtenListeners.delete(listener)
    },
    onCommitted: fanOut.listen,
  }
}
