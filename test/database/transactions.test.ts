// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { noServer } from '../support/open-postgres.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { until } from '../support/until.ts'

test('a query that goes past its transaction fails at once, and says so', async () => {
  await using opened = await openTestDatabase()
  const { database } = opened
  const past = [() => database.db.execute(sql`select 1`), () => database.transaction(async () => {})]
  for (const query of past) {
    await assert.rejects(
      database.transaction(async () => {
        await query()
      }),
      /went past its transaction/,
    )
  }
})

test('work that a transaction started and did not wait for may query when the transaction is over', async () => {
  await using opened = await openTestDatabase()
  const { database } = opened
  const over = Promise.withResolvers<void>()
  let later: Promise<unknown> = Promise.resolve()
  await database.transaction(async tx => {
    await tx.execute(sql`select 1`)
    later = over.promise.then(() => database.db.execute(sql`select 2`))
  })
  over.resolve()
  await later
})

test('a transaction within a transaction is a savepoint: its fault undoes itself alone', async () => {
  await using opened = await openTestDatabase()
  const { db } = opened.database
  await db.execute(sql`create table savepoints (n int)`)
  await opened.database.transaction(async tx => {
    await tx.execute(sql`insert into savepoints values (1)`)
    await assert.rejects(
      tx.transaction(async inner => {
        await inner.execute(sql`insert into savepoints values (2)`)
        throw new Error('inner')
      }),
      /inner/,
    )
  })
  const rows = await db.execute(sql`select n from savepoints`)
  assert.deepEqual([...rows], [{ n: 1 }])
})

test('a statement that loses a deadlock is done all the same', { skip: noServer }, async () => {
  await using opened = await openTestDatabase()
  const { database } = opened
  const { db } = database
  await db.execute(sql`create table locked (n int primary key, times int)`)
  await db.execute(sql`insert into locked values (1, 0), (2, 0)`)
  const reached = Promise.withResolvers<void>()
  // Patient enough that it is the other one who is told of the deadlock.
  const patient = database.transaction(async tx => {
    await tx.execute(sql`set local deadlock_timeout = '1min'`)
    await tx.execute(sql`update locked set times = times + 1 where n = 2`)
    reached.resolve()
    await until('the other waits', async () => {
      // Within a transaction it would be seen as it was at the first look.
      await tx.execute(sql`select pg_stat_clear_snapshot()`)
      const [row] = await tx.execute<{ waiting: number }>(
        sql`select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return (row?.waiting ?? 0) > 0
    })
    await tx.execute(sql`update locked set times = times + 1 where n = 1`)
  })
  await reached.promise
  await db.execute(sql`
    with one as (update locked set times = times + 1 where n = 1 returning n)
    update locked set times = times + 1 where n = 1 + (select n from one)`)
  await patient
  assert.deepEqual(await db.execute(sql`select n, times from locked order by n`), [
    { n: 1, times: 2 },
    { n: 2, times: 2 },
  ])
})
