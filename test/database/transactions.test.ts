import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { openTestDatabase } from '../support/open-test-database.ts'

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
