// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { createJobs, defineJob } from '../../server/platform/jobs/index.ts'
import { createJournal } from '../../server/platform/journal/index.ts'
import { createRegistry, platformMetrics } from '../../server/platform/metrics.ts'
import { VideoId, videoStream } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { until } from '../support/until.ts'
import { nothingFollows } from '../support/without-jobs.ts'

const soakSeconds = Number(process.env.RUSHES_SOAK_SECONDS ?? 30)
const loops = 16

/** Each about something else: of those about one thing only one would wait. */
const asking = (number: number) => ({
  kind: 'soak',
  subject: videoStream(VideoId.parse(uuidv7())),
  payload: { number },
})

test(`${loops} loops of transactions, rollbacks, errors and jobs run for ${soakSeconds} s: no stall, no lost row`, {
  timeout: (soakSeconds + 150) * 1000,
}, async t => {
  await using opened = await openTestDatabase()
  const { database, log } = opened
  const { db } = database
  await db.execute(sql`create table soak (worker int, n int, note jsonb, primary key (worker, n))`)

  const ran = new Set<number>()
  await using running = new AsyncDisposableStack()
  const queue = running.adopt(createJobs({ database, log, metrics: platformMetrics(createRegistry()) }), it =>
    it.stop(),
  )
  const job = defineJob({
    ...{ kind: 'soak', lane: 'quick', urgency: 0, attempts: 2, timeoutSeconds: 60 },
    payload: z.object({ number: z.number() }),
    async run({ payload }) {
      ran.add(payload.number)
      return { state: 'done' }
    },
  })
  const journal = createJournal({ database, log, ...nothingFollows })
  await queue.start([job], { journal, work: true })

  const end = performance.now() + soakSeconds * 1000
  let slowestMs = 0
  let rounds = 0
  let jobs = 0
  const expected = await Promise.all(Array.from({ length: loops }, (_, worker) => loop(worker)))

  async function loop(worker: number): Promise<number> {
    let stored = 0
    for (let round = 0; performance.now() < end; round++) {
      const began = performance.now()
      if (round % 5 === 4) await rolledBack(worker)
      else if (round % 7 === 6) await assert.rejects(db.execute(sql`select * from there_is_no_such_table`))
      else if (await store(worker, stored, round % 50 === 10)) stored++
      slowestMs = Math.max(slowestMs, performance.now() - began)
      rounds++
    }
    return stored
  }
  async function store(worker: number, n: number, withJob: boolean): Promise<boolean> {
    await database.transaction(async tx => {
      await tx.execute(sql`insert into soak values (${worker}, ${n}, ${JSON.stringify({ quote: `'"\\ ${n}` })}::jsonb)`)
      const [row] = await tx.execute<{ total: number }>(
        sql`select count(*)::int as total from soak where worker = ${worker}`,
      )
      assert.equal(row?.total, n + 1)
      if (withJob) await queue.ask(tx, [asking(++jobs)])
    })
    return true
  }
  async function rolledBack(worker: number): Promise<void> {
    const undone = database.transaction(async tx => {
      await tx.execute(sql`insert into soak values (${worker}, -1, '{}')`)
      await queue.ask(tx, [asking(-1)])
      throw new Error('rolled back on purpose')
    })
    await assert.rejects(undone, /on purpose/)
  }

  const rows = await db.execute<{ worker: number; total: number; newest: number }>(
    sql`select worker, count(*)::int as total, max(n) as newest from soak group by worker order by worker`,
  )
  assert.deepEqual(
    rows.map(row => [row.total, row.newest]),
    expected.map(stored => [stored, stored - 1]),
  )
  t.diagnostic(`${rounds} rounds, ${jobs} jobs, the slowest round took ${slowestMs.toFixed(0)} ms`)
  await until(`all ${jobs} jobs ran`, () => ran.size === jobs, 60)
  assert.equal(ran.has(-1), false, 'a job of a rolled back transaction must not run')
})
