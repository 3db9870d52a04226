// tier: postgres
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { AppError } from '../../server/platform/errors.ts'
import { lanes } from '../../server/platform/jobs/lanes.ts'
import { JobId, type StreamId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { until } from '../support/until.ts'
import { heldJob, newSubject, openJobs } from './open-jobs.ts'

const opened = await openTestDatabase()
after(() => opened[Symbol.asyncDispose]())
const { database } = opened

const ended: [StreamId, string, string][] = []
const discarded: StreamId[] = []
const endings = {
  async ended(_: unknown, subject: StreamId, { state, reason }: { state: string; reason: string }) {
    ended.push([subject, state, reason])
  },
  async discard(subject: StreamId) {
    discarded.push(subject)
  },
}

test('who asks for what waits already is given that one; what is asked for while it runs, runs after it', async () => {
  const { job, runs } = heldJob()
  await using jobs = await openJobs(opened, [job])
  const subject = newSubject()
  const first = await jobs.askFor({ kind: 'hold', subject, requestedBy: 'Ada' })
  assert.deepEqual([first.state, first.attempt, first.requestedBy, first.subject], ['waiting', 0, 'Ada', subject])
  await until('it runs', () => runs.length === 1)
  const second = await jobs.askFor({ kind: 'hold', subject, requestedBy: 'Bob' })
  const third = await jobs.askFor({ kind: 'hold', subject, requestedBy: 'Cleo' })
  assert.notEqual(second.id, first.id)
  assert.deepEqual(third, second)
  const other = await jobs.askFor({ kind: 'hold', subject: newSubject() })
  await until('one of another subject does not wait', () => runs.length === 2)
  const { state, attempt, startedAt, endedAt } = await jobs.get(first.id)
  assert.deepEqual([state, attempt, typeof startedAt, endedAt], ['running', 1, 'string', null])
  assert.equal((await jobs.get(second.id)).state, 'waiting')
  runs[0]?.letGo()
  await until('the second runs', () => runs.length === 3)
  for (const run of runs) run.letGo()
  for (const { id } of [first, second, other])
    await until('it is done', async () => (await jobs.get(id)).state === 'done')
  assert.equal((await jobs.get(first.id)).percent, 100)
  assert.deepEqual(
    (await jobs.list({ limit: 10, subject })).items.map(({ id }) => id),
    [second.id, first.id],
  )
  const page = await jobs.list({ limit: 2, kind: 'hold', state: 'done' })
  assert.equal(page.items.length, 2)
  const next = await jobs.list({ limit: 2, kind: 'hold', state: 'done', cursor: JobId.parse(page.nextCursor) })
  assert.deepEqual([next.items.map(({ id }) => id), next.nextCursor], [[first.id], null])
})

test('how far it is stands in the record, with the time that the rest will take', async () => {
  const { job, runs } = heldJob()
  await using jobs = await openJobs(opened, [job])
  const { id } = await jobs.askFor({ kind: 'hold', subject: newSubject() })
  await until('it runs', () => runs.length === 1)
  runs[0]?.context.report(40.7)
  runs[0]?.context.report(12)
  await until('it is told', async () => (await jobs.get(id)).percent === 40)
  assert.equal(typeof (await jobs.get(id)).etaSeconds, 'number')
  runs[0]?.letGo()
  await until('it is done', async () => (await jobs.get(id)).state === 'done')
  assert.equal((await jobs.get(id)).etaSeconds, null)
})

test('a job that fails is tried as often as its kind says, and then has failed; it can be tried again', async () => {
  const { job, runs } = heldJob({ attempts: 2, ...endings })
  await using jobs = await openJobs(opened, [job])
  const subject = newSubject()
  const { id } = await jobs.askFor({ kind: 'hold', subject, payload: { of: 'mine' } })
  await until('it runs', () => runs.length === 1)
  runs[0]?.letGo(new Error('the first'))
  await until('it waits', async () => (await jobs.get(id)).reason === 'the first')
  await until('it is tried again', () => runs.length === 2)
  assert.deepEqual(runs[1]?.payload, { of: 'mine' })
  assert.equal((await jobs.get(id)).attempt, 2)
  runs[1]?.letGo(new Error('the second'))
  await until('it failed', async () => (await jobs.get(id)).state === 'failed')
  assert.equal((await jobs.get(id)).reason, 'the second')
  assert.deepEqual(
    ended.filter(([of]) => of === subject),
    [[subject, 'failed', 'the second']],
  )
  await assert.rejects(jobs.cancel(id), { code: 'job.ended' })
  assert.equal((await jobs.retry(id, 'Ada')).id, id)
  await until('it runs once more', () => runs.length === 3)
  const retried = await jobs.get(id)
  assert.deepEqual([retried.attempt, retried.requestedBy, retried.endedAt], [1, 'Ada', null])
  assert.deepEqual((await jobs.retry(id, null)).state, 'running')
  runs[2]?.letGo()
  await until('it is done', async () => (await jobs.get(id)).state === 'done')
  await assert.rejects(jobs.retry(id, null), { code: 'job.ended' })
})

test('what is called off stops, and what waited never runs', async () => {
  const { job, runs } = heldJob(endings)
  await using jobs = await openJobs(opened, [job])
  const subject = newSubject()
  const running = await jobs.askFor({ kind: 'hold', subject })
  await until('it runs', () => runs.length === 1)
  const waiting = await jobs.askFor({ kind: 'hold', subject })
  assert.equal((await jobs.cancel(waiting.id)).state, 'cancelled')
  const cancelled = await jobs.cancel(running.id)
  assert.deepEqual([cancelled.state, cancelled.reason], ['cancelled', 'It was called off.'])
  await until('its remains are removed', () => discarded.includes(subject))
  assert.equal(runs[0]?.context.signal.aborted, true)
  // Of the one that waited the subject knew nothing.
  assert.deepEqual(
    ended.filter(([of]) => of === subject).map(([, state]) => state),
    ['cancelled'],
  )
  await jobs.remove(running.id)
  await assert.rejects(jobs.get(running.id), { code: 'job.not_found' })
  assert.equal(runs.length, 1)
})

test('what waited for one that is called off runs', async () => {
  const { job, runs } = heldJob({ lane: 'quick' })
  await using jobs = await openJobs(opened, [job])
  const subject = newSubject()
  const first = await jobs.askFor({ kind: 'hold', subject })
  await until('it runs', () => runs.length === 1)
  const second = await jobs.askFor({ kind: 'hold', subject })
  // The queue has brought it, and it had to wait.
  const { queue } = lanes.quick
  const brought = () =>
    database.db.execute(
      sql`select from pgboss.job where name = ${queue} and data->>'jobId' = ${second.id} and state = 'completed'`,
    )
  await until('it was passed over', async () => (await brought()).length === 1)
  await jobs.cancel(first.id)
  await until('it runs', () => runs.length === 2)
  runs[1]?.letGo()
  await until('it is done', async () => (await jobs.get(second.id)).state === 'done')
})

test('with its subject its jobs go: what runs stops, and what waits is forgotten', async () => {
  const { job, runs } = heldJob(endings)
  await using jobs = await openJobs(opened, [job])
  const subject = newSubject()
  const { id } = await jobs.askFor({ kind: 'hold', subject })
  await until('it runs', () => runs.length === 1)
  await jobs.askFor({ kind: 'hold', subject })
  await database.transaction(tx => jobs.forget(tx, subject))
  // Without a word from this process: as when another one deletes the subject.
  await until('its remains are removed', () => discarded.includes(subject))
  await assert.rejects(jobs.get(id), { code: 'job.not_found' })
  assert.equal(runs.length, 1)
  assert.deepEqual((await jobs.list({ limit: 10, subject })).items, [])
})

test('what is rolled back asks for nothing', async () => {
  const { job, runs } = heldJob()
  await using jobs = await openJobs(opened, [job])
  const subject = newSubject()
  const undone = database.transaction(async tx => {
    await jobs.ask(tx, [{ kind: 'hold', subject }])
    throw new Error('on purpose')
  })
  await assert.rejects(undone, /on purpose/)
  const { id } = await jobs.askFor({ kind: 'hold', subject })
  await until('the one that was meant runs', () => runs.length === 1)
  assert.deepEqual(
    (await jobs.list({ limit: 10, subject })).items.map(job => job.id),
    [id],
  )
  runs[0]?.letGo()
})

test('a short piece of work is not held up by long ones, and of those no two of a kind run side by side', async () => {
  const long = heldJob({ kind: 'long', lane: 'media', urgency: 0 })
  const another = heldJob({ kind: 'another', lane: 'media', urgency: 0 })
  const third = heldJob({ kind: 'third', lane: 'media', urgency: 0 })
  const wanted = heldJob({ kind: 'wanted', lane: 'media', urgency: 2 })
  const short = heldJob({ kind: 'short', lane: 'quick', urgency: 0 })
  await using jobs = await openJobs(opened, [long.job, another.job, third.job, wanted.job, short.job])
  for (const kind of ['long', 'long', 'another', 'third']) await jobs.askFor({ kind, subject: newSubject() })
  await until('the lane is full of what nobody waits for', () => long.runs.length + another.runs.length >= 2)
  await jobs.askFor({ kind: 'short', subject: newSubject() })
  await jobs.askFor({ kind: 'wanted', subject: newSubject() })
  await until('both run', () => short.runs.length === 1 && wanted.runs.length === 1)
  assert.equal(long.runs.length, 1)
  for (const { runs } of [long, another, third, wanted, short])
    for (const [index] of runs.entries()) runs[index]?.letGo()
  await until('all had their turn', () => {
    for (const { runs } of [long, another, third]) for (const run of runs) run.letGo()
    return long.runs.length === 2 && third.runs.length === 1
  })
})

test('a server that stops puts back what it ran, and that counts as no attempt', async () => {
  const { job, runs } = heldJob()
  const subject = newSubject()
  const first = await openJobs(opened, [job])
  const { id } = await first.askFor({ kind: 'hold', subject })
  await until('it runs', () => runs.length === 1)
  await first.stop()
  await using jobs = await openJobs(opened, [job])
  await until('it runs again', () => runs.length === 2)
  assert.equal((await jobs.get(id)).attempt, 1)
  runs[1]?.letGo()
  await until('it is done', async () => (await jobs.get(id)).state === 'done')
})

test('a job whose process died is tried again; one that was at its last attempt has failed', async () => {
  const { job, runs } = heldJob({ attempts: 2, ...endings })
  const [again, never] = [newSubject(), newSubject()]
  const leave = async (subject: StreamId, attempt: number) => {
    await using jobs = await openJobs(opened, [job], false)
    const { id } = await jobs.askFor({ kind: 'hold', subject })
    // As it stands when the process that ran it is killed, and the queue has lost its letter.
    await database.db.execute(
      sql`update jobs set state = 'running', attempt = ${attempt}, delivery = gen_random_uuid(), started_at = now() where id = ${id}`,
    )
    return id
  }
  const ids = [await leave(again, 1), await leave(never, 2)] as const
  await database.db.execute(sql`delete from pgboss.job where state = 'created'`)
  await using jobs = await openJobs(opened, [job])
  await until('it runs again', () => runs.some(({ subject }) => subject === again))
  assert.equal((await jobs.get(ids[0])).attempt, 2)
  const failed = await jobs.get(ids[1])
  assert.deepEqual([failed.state, failed.reason], ['failed', 'The server ended while this ran.'])
  assert.deepEqual(
    ended.filter(([of]) => of === never).map(([, state]) => state),
    ['failed'],
  )
  for (const run of runs) run.letGo()
  await until('it is done', async () => (await jobs.get(ids[0])).state === 'done')
})

test('a job that took its process along at its last attempt has failed, and is not run by the next one', async () => {
  const { job, runs } = heldJob({ attempts: 1, ...endings })
  await using jobs = await openJobs(opened, [job])
  const subject = newSubject()
  const { id } = await jobs.askFor({ kind: 'hold', subject })
  await until('it runs', () => runs.length === 1)
  // As when its process is silent, and the queue gives it to another one.
  await database.db.execute(
    sql`update pgboss.job set state = 'retry', start_after = now() where data ->> 'jobId' = ${id}`,
  )
  await until('it failed', async () => (await jobs.get(id)).state === 'failed')
  assert.equal((await jobs.get(id)).reason, 'The server ended while this ran.')
  assert.deepEqual(
    ended.filter(([of]) => of === subject).map(([, state]) => state),
    ['failed'],
  )
  await until('who still ran it has stopped', () => runs[0]?.context.signal.aborted)
  assert.equal(runs.length, 1)
})

test('jobs of a kind that this version does not know are left as they are, and hold up nobody', async () => {
  const unknown = heldJob({ kind: 'of another version' })
  const { job, runs } = heldJob()
  const leave = async () => {
    await using jobs = await openJobs(opened, [unknown.job], false)
    return jobs.askFor({ kind: 'of another version', subject: newSubject() })
  }
  const { id } = await leave()
  await using jobs = await openJobs(opened, [job])
  await jobs.askFor({ kind: 'hold', subject: newSubject() })
  await until('what is known runs', () => runs.length === 1)
  assert.equal((await jobs.get(id)).state, 'waiting')
  runs[0]?.letGo()
  await jobs.remove(id)
})

test('what a job has to tidy up after it is no part of it: it is done all the same, and once', async () => {
  // Were it waited for as the job itself is, one that has ended would be told to have failed.
  const away = () => Promise.reject(new AppError('storage.unavailable', 'The store is away.'))
  const { job, runs } = heldJob({ finished: away })
  await using jobs = await openJobs(opened, [job])
  const { id } = await jobs.askFor({ kind: 'hold', subject: newSubject() })
  await until('it runs', () => runs.length === 1)
  runs[0]?.letGo()
  await until('it is done', async () => (await jobs.get(id)).state === 'done')
  await until('it went well, and nothing of it is left to do', async () => (await jobs.runsThatWentWell()) === 1)
  assert.equal(runs.length, 1)
})

test('what waits without the queue knowing of it is taken up, and queues that exist get the settings of today', async () => {
  const { job, runs } = heldJob()
  const subject = newSubject()
  {
    await using jobs = await openJobs(opened, [job], false)
    await jobs.askFor({ kind: 'hold', subject })
  }
  await database.db.execute(sql`delete from pgboss.job where state = 'created'`)
  await database.db.execute(sql`update pgboss.queue set retry_limit = 1, heartbeat_seconds = 3600`)
  await using jobs = await openJobs(opened, [job])
  await until('it runs', () => runs.length === 1)
  const settings = await database.db.execute<{ retry_limit: number; heartbeat_seconds: number }>(
    sql`select distinct retry_limit, heartbeat_seconds from pgboss.queue where name like 'lane.%'`,
  )
  assert.deepEqual(settings, [{ retry_limit: 50, heartbeat_seconds: 20 }])
  runs[0]?.letGo()
  await until('it is done', async () => (await jobs.unfinished()) === 0)
})
