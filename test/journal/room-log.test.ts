// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import type { JobRequest } from '../../server/platform/jobs/index.ts'
import { createJournal, type Insertion, type Journal } from '../../server/platform/journal/index.ts'
import { type EventsFrame, VideoId, videoStream } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { until } from '../support/until.ts'

const newStream = () => videoStream(VideoId.parse(uuidv7()))
type Stream = ReturnType<typeof newStream>

async function openJournal() {
  const opened = await openTestDatabase()
  const asked: JobRequest[] = []
  const frames: EventsFrame[] = []
  const make = () =>
    createJournal({
      database: opened.database,
      follow: ({ type, stream }) => (type === 'video.deleted' ? [{ kind: 'try', subject: stream }] : []),
      ask: async (_tx, requests) => void asked.push(...requests),
      wake: () => {},
      log: opened.log,
    })
  const journal = make()
  journal.onCommitted(frame => frames.push(frame))
  return { ...opened, make, journal, frames, asked, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
}
const rename = (journal: Journal, id: Stream, title: string) =>
  journal.transact(async (_tx, append) => append(id, 'video.renamed', { title }))
const titlesOf = (frame: EventsFrame) => frame.events.map(event => (event.payload as { title: string }).title)

test('events of a video are numbered from 1 without gaps, also when transactions race and some roll back', async () => {
  await using opened = await openJournal()
  const { journal } = opened
  const id = newStream()
  const attempts = Array.from({ length: 60 }, (_, n) =>
    journal.transact(async (_tx, append) => {
      append(id, 'video.renamed', { title: `title ${n}` })
      if (n % 4 === 3) throw new Error('rolled back')
    }),
  )
  const settled = await Promise.allSettled(attempts)
  assert.equal(settled.filter(each => each.status === 'rejected').length, 15)
  const log = await journal.since(id, 0, 1000)
  assert.deepEqual(
    log.map(event => event.seq),
    Array.from({ length: 45 }, (_, n) => n + 1),
  )
  assert.equal(await journal.head(id), 45)
})

test('what is committed reaches the listeners once, in order of seq, however the commits raced', async () => {
  await using opened = await openJournal()
  const { journal, frames } = opened
  const id = newStream()
  await Promise.all(Array.from({ length: 80 }, (_, n) => rename(journal, id, `${n}`)))
  await until('all are handed out', () => frames.flatMap(frame => frame.events).length >= 80)
  assert.deepEqual(
    frames.flatMap(frame => frame.events.map(event => event.seq)),
    Array.from({ length: 80 }, (_, n) => n + 1),
  )
})

test('facts that commit together travel in one frame, each with its stream', async () => {
  await using opened = await openJournal()
  const [one, other] = [newStream(), newStream()]
  await opened.journal.transact(async (_tx, append) => {
    append(one, 'video.renamed', { title: 'a' })
    append(other, 'video.renamed', { title: 'b' })
    append(one, 'video.renamed', { title: 'c' })
  })
  const byStream = new Map(opened.frames.map(frame => [frame.stream, titlesOf(frame)]))
  assert.equal(opened.frames.length, 2)
  assert.deepEqual(byStream.get(one), ['a', 'c'])
  assert.deepEqual(byStream.get(other), ['b'])
})

/** Stores nothing but its events; one that is called `bad` fails the whole statement, one called `known` is not new. */
const titles: Insertion<{ id: string; stream: Stream; title: string }> = {
  type: 'video.renamed',
  stream: ({ stream }) => stream,
  payload: ({ title }) => ({ title }),
  ctes: `inserted as (
    select (item->>'id')::uuid as id, item->>'stream' as stream, n,
      jsonb_build_object('title', item->>'title') as payload
    from jsonb_array_elements($1::text::jsonb) with ordinality as e(item, n)
    where item->>'title' <> 'known' and 1 / (case item->>'title' when 'bad' then 0 else 1 end) = 1
  )`,
}

test('writes that come together or wait while a commit runs share one; a faulty one fails alone', async () => {
  await using opened = await openJournal()
  const { journal, frames } = opened
  const stream = newStream()
  const insert = journal.groupedInsert(titles)
  const say = (title: string) => insert({ id: uuidv7(), stream, title })
  const first = Promise.all(['a', 'b', 'c', 'known', 'd'].map(say))
  assert.deepEqual(await first, [true, true, true, false, true])
  assert.deepEqual(frames.flatMap(titlesOf), ['a', 'b', 'c', 'd'])
  assert.ok(frames.length < 4, 'who waits while a commit runs shares the next one')

  const mixed = await Promise.allSettled(['e', 'f', 'bad', 'g'].map(say))
  assert.deepEqual(
    mixed.map(each => each.status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  )
  const log = await journal.since(stream, 0, 100)
  assert.deepEqual(
    log.map(event => [event.seq, event.payload]),
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((title, index) => [index + 1, { title }]),
  )
  assert.deepEqual(
    frames.flatMap(frame => frame.events).map(({ seq, at }) => [seq, at]),
    log.map(({ seq, at }) => [seq, at]),
    'live and read again are the same',
  )
})

test('what another process wrote in between is read from the log before what follows it is handed out', async () => {
  await using opened = await openJournal()
  const { journal, frames, make } = opened
  const id = newStream()
  await rename(journal, id, 'here 1')
  await rename(make(), id, 'elsewhere 2')
  await rename(make(), id, 'elsewhere 3')
  await rename(journal, id, 'here 4')
  await until('the gap is healed', () => frames.flatMap(frame => frame.events).length === 4)
  assert.deepEqual(frames.flatMap(titlesOf), ['here 1', 'elsewhere 2', 'elsewhere 3', 'here 4'])
})

test('an event enqueues its jobs in its own transaction', async () => {
  await using opened = await openJournal()
  const id = newStream()
  await opened.journal.transact(async (_tx, append) => append(id, 'video.deleted', {}))
  assert.deepEqual(opened.asked, [{ kind: 'try', subject: id }])
})
