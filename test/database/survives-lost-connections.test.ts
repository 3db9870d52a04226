// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { Client } from 'pg'
import type { Database } from '../../server/platform/db/index.ts'
import { AppError } from '../../server/platform/errors.ts'
import { noServer, openPostgres } from '../support/open-postgres.ts'
import { until } from '../support/until.ts'

const seconds = 3
const killEveryMs = 400

/** Ends every connection to the database that is the server's. Returns how many. */
async function openKiller(name: string) {
  const client = new Client({ connectionString: process.env.RUSHES_TEST_DATABASE_URL })
  await client.connect()
  return {
    async kill(): Promise<number> {
      const text = `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'rushes'`
      return (await client.query(text, [name])).rows.length
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}

const isAway = (fault: unknown) => fault instanceof AppError && fault.code === 'database.unavailable'

test(`connections are ended every ${killEveryMs} ms under load: each statement is answered, what was acknowledged is there`, {
  skip: noServer,
  timeout: 60_000,
}, async t => {
  await using server = await openPostgres()
  await using killer = await openKiller(server.name)
  const database = await server.open()
  await database.db.execute(sql`create table kept (n int primary key, twice int)`)
  const acknowledged: number[] = []
  let next = 0
  let failed = 0
  let slowestMs = 0
  const end = performance.now() + seconds * 1000

  const answered = async (work: () => Promise<void>) => {
    const began = performance.now()
    await work().catch(fault => {
      assert.ok(isAway(fault), fault)
      failed++
    })
    slowestMs = Math.max(slowestMs, performance.now() - began)
  }
  const writing = async () => {
    while (performance.now() < end) {
      const n = next++
      await answered(async () => {
        await database.transaction(async tx => {
          await tx.execute(sql`insert into kept values (${n}, null)`)
          await tx.execute(sql`select pg_sleep(0.001)`)
          await tx.execute(sql`update kept set twice = ${2 * n} where n = ${n}`)
        })
        acknowledged.push(n)
      })
    }
  }
  const reading = async () => {
    while (performance.now() < end) await answered(async () => void (await database.db.execute(sql`select 1`)))
  }
  let killed = 0
  const killing = async () => {
    for (; performance.now() < end; await wait(killEveryMs)) killed += await killer.kill()
  }
  await Promise.all([...Array.from({ length: 12 }, writing), reading(), reading(), killing()])

  await Promise.all(Array.from({ length: 40 }, () => database.db.execute(sql`select 1`)))
  const kept = await database.db.execute<{ n: number }>(sql`select n from kept where twice = 2 * n`)
  const there = new Set(kept.map(row => row.n))
  assert.deepEqual(
    acknowledged.filter(n => !there.has(n)),
    [],
  )
  assert.ok(killed > 10 && failed > 0, `${killed} connections ended, ${failed} statements failed`)
  t.diagnostic(`the slowest took ${slowestMs.toFixed(0)} ms`)
  assert.deepEqual(server.lines, [])
  await database.stop()
})

test('a transaction whose connection ends in the middle keeps nothing and says that trying again helps', {
  skip: noServer,
}, async () => {
  await using server = await openPostgres()
  await using killer = await openKiller(server.name)
  const database = await server.open()
  await database.db.execute(sql`create table kept (n int)`)
  const broken = database.transaction(async tx => {
    await tx.execute(sql`insert into kept values (1)`)
    await killer.kill()
    await tx.execute(sql`insert into kept values (2)`)
  })
  await assert.rejects(broken, { code: 'database.unavailable', status: 503 })
  assert.deepEqual(await database.db.execute(sql`select n from kept`), [])
  await database.stop()
})

test('while nobody asks, ended connections harm nobody: what comes next is done', { skip: noServer }, async () => {
  await using server = await openPostgres()
  await using killer = await openKiller(server.name)
  const database = await server.open()
  await Promise.all(Array.from({ length: 8 }, () => database.db.execute(sql`select pg_sleep(1)`)))
  assert.equal(await killer.kill(), 8)
  await database.transaction(tx => tx.execute(sql`create table kept (n int)`))
  await Promise.all(Array.from({ length: 8 }, () => database.db.execute(sql`select n from kept`)))
  await database.stop()
})

test('a statement that the database refuses is a fault of its own, and its connection goes on', {
  skip: noServer,
}, async () => {
  await using server = await openPostgres()
  const database = await server.open({ poolSize: 1 })
  const pid = async () => (await database.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]?.pid
  const before = await pid()
  await assert.rejects(database.db.execute(sql`select * from there_is_no_such_table`), /there_is_no_such_table/)
  await assert.rejects(
    database.transaction(async tx => {
      await tx.execute(sql`select 1 / 0`).catch(() => {})
    }),
    /nothing of it was kept/,
  )
  assert.equal(await pid(), before)
  await database.stop()
})

test('the database goes away and comes back: each is said once, and callers fail at once in between', {
  skip: noServer,
}, async () => {
  await using server = await openPostgres()
  const { proxy, lines } = server
  const database = await server.open()
  proxy.cut()
  for (let n = 0; n < 20; n++) await assert.rejects(database.db.execute(sql`select 1`), isAway)
  assert.deepEqual(lines, ['the database is away'])
  proxy.mend()
  await until('it is noticed', () => lines.length > 1)
  await database.db.execute(sql`select 1`)
  assert.deepEqual(lines, ['the database is away', 'the database is back'])
  await database.stop()
})

test('a connection whose other end has gone without a word fails in time, and is replaced', {
  skip: noServer,
  timeout: 60_000,
}, async () => {
  await using server = await openPostgres()
  const { proxy } = server
  const database = await server.open({ poolSize: 2, statementTimeoutMs: 3000 })
  await assert.rejects(database.db.execute(sql`select pg_sleep(5)`), (fault: Error) =>
    /statement timeout/.test(String(fault.cause)),
  )
  await goSilent(database)
  proxy.hold(0)
  await goSilent(database)
  // Nothing comes through while it is held: whoever waited for that would wait for ever.
  await assert.rejects(
    database.transaction(tx => tx.execute(sql`select 1`)),
    isAway,
  )
  proxy.release()
  await database.db.execute(sql`select 1`)
  await database.stop()
})

/** The first that is held is still let through. */
const goSilent = (database: Database) => Promise.all([1, 2].map(() => database.db.execute(sql`select 1`)))
