// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../server/platform/db/index.ts'
import { createJournal, type Journal, type Position, raiseOrigin } from '../../server/platform/journal/index.ts'
import { VideoId, videoStream } from '../../shared/index.ts'
import { noServer } from '../support/open-postgres.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { until } from '../support/until.ts'

const newStream = () => videoStream(VideoId.parse(uuidv7()))
type Stream = ReturnType<typeof newStream>

async function openJournal() {
  const opened = await openTestDatabase()
  const nothing = { follow: () => [], ask: async () => {}, wake: () => {} }
  const journal = createJournal({ ...opened, ...nothing })
  return { ...opened, journal, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
}

/** A transaction counts from its first write, or from here. */
const begin = (tx: Tx) => tx.execute(sql`select pg_current_xact_id()`)

const rename = (journal: Journal, stream: Stream, during: () => Promise<unknown> = async () => {}) =>
  journal.transact(async (tx, append) => {
    await begin(tx)
    await during()
    append(stream, 'video.renamed', { title: 'x' })
  })

/** Where a transaction that has begun waits until it may go on. */
function createGate() {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const pass = () => {
    reached.resolve()
    return opened.promise
  }
  return { pass, isReached: reached.promise, open: opened.resolve }
}

/** Goes on where it stopped, page by page, until nothing more comes. */
function createReader(journal: Journal, pageSize: number) {
  let position: Position | null = null
  const met: string[] = []
  const read = async (): Promise<void> => {
    for (;;) {
      const page = await journal.all(position, pageSize)
      position = page.position
      for (const { stream, event } of page.events) met.push(`${stream} ${event.seq}`)
      if (page.events.length === 0) return
    }
  }
  return {
    met,
    read,
    /** Transactions of others on the same server, of other databases too, hold it up for a while. */
    readUntil: (count: number) =>
      until(`${count} events are read`, async () => {
        await read()
        return met.length >= count
      }),
  }
}

test('whoever reads all streams from a position misses nothing and meets nothing twice, however slow some transactions are', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const streams = Array.from({ length: 4 }, newStream)
  const random = seededRandom(7)
  const reader = createReader(journal, 5)
  let isWriting = true
  const reading = (async () => {
    while (isWriting) {
      await reader.read()
      await wait(1)
    }
  })()
  const write = async () => {
    for (let n = 0; n < 25; n++) {
      const isSlow = random() < 0.3
      await rename(journal, streams[Math.floor(random() * 4)] as Stream, () => wait(isSlow ? random() * 40 : 0))
    }
  }
  await Promise.all(Array.from({ length: 6 }, write))
  isWriting = false
  await reading
  await reader.readUntil(150)

  assert.equal(reader.met.length, 150)
  for (const stream of streams) {
    const met = reader.met.filter(each => each.startsWith(stream))
    const all = Array.from({ length: await journal.head(stream) }, (_, n) => `${stream} ${n + 1}`)
    assert.deepEqual(met, all, 'each stream in its own order, without gaps')
  }
})

test('a stream is read in its order, also where a later transaction wrote first', { skip: noServer }, async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const stream = newStream()
  const [first, between] = [createGate(), createGate()]
  const writesSecond = rename(journal, stream, first.pass)
  await first.isReached
  const goesOn = rename(journal, newStream(), between.pass)
  await between.isReached
  await rename(journal, stream)
  first.open()
  await writesSecond

  const reader = createReader(journal, 10)
  await reader.read()
  const early = [...reader.met]
  between.open()
  await goesOn
  await reader.readUntil(3)
  assert.deepEqual(early, [], 'a transaction that began before them still ran')
  assert.deepEqual(
    reader.met.filter(each => each.startsWith(stream)),
    [`${stream} 1`, `${stream} 2`],
  )
})

test('what happens after the database was loaded from a dump is read after what happened before', async () => {
  await using opened = await openJournal()
  const { journal, database } = opened
  const stream = newStream()
  await rename(journal, stream)
  // As in a dump of a server that has seen many more transactions than the one that loads it.
  for (const table of ['stream_heads', 'stream_events'])
    await database.db.execute(sql`update ${sql.identifier(table)} set mark = mark + 1000000`)
  await raiseOrigin(database.db)
  const reader = createReader(journal, 10)
  await reader.readUntil(1)
  await rename(journal, newStream())
  await reader.readUntil(2)
  assert.equal(reader.met.length, 2)
})
