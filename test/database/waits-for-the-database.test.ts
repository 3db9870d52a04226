// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { StartError } from '../../server/platform/errors.ts'
import { noServer, openPostgres } from '../support/open-postgres.ts'
import { until } from '../support/until.ts'

test('a database that does not answer at the start is waited for', { skip: noServer }, async () => {
  await using server = await openPostgres()
  server.proxy.cut()
  const opening = server.open({ waitSeconds: 60 })
  await until('it waits', () => server.lines.length > 0)
  assert.equal(server.lines[0], 'waiting for the database')
  server.proxy.mend()
  const database = await opening
  assert.equal((await database.db.execute(sql`select 1`)).length, 1)
  await database.stop()
})

test('one that stays away ends the start with a sentence', { skip: noServer }, async () => {
  await using server = await openPostgres()
  server.proxy.cut()
  await assert.rejects(server.open({ waitSeconds: 0 }), (fault: Error) => {
    assert.ok(fault instanceof StartError)
    assert.match(fault.message, /can not be reached.*DATABASE_URL.*DATABASE_WAIT_SECONDS/)
    return true
  })
})

test('one that refuses us is not waited for', { skip: noServer }, async () => {
  await using server = await openPostgres()
  const url = new URL(server.url)
  url.pathname = '/there_is_no_such_database'
  await assert.rejects(server.open({ url: url.href, waitSeconds: 60 }), (fault: Error) => {
    assert.ok(fault instanceof StartError)
    assert.match(fault.message, /refuses.*there_is_no_such_database.*DATABASE_URL/)
    return true
  })
  assert.deepEqual(server.lines, [])
})
