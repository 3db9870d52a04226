// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import type { LeaseTerms } from '../../server/platform/leases/index.ts'
import { createLeases, isHeld } from '../../server/platform/leases/index.ts'
import { leases as rows } from '../../server/platform/leases/schema.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { until } from '../support/until.ts'

class Lost extends Error {}
const terms: LeaseTerms = { leaseMs: 60_000, lost: () => new Lost() }

/** Two servers on one database. */
async function openServers() {
  const opened = await openTestDatabase()
  const { database } = opened
  const [one, other] = [createLeases(opened), createLeases(opened)]
  const held = await database.db.execute<{ held: boolean }>(sql`select ${isHeld(sql`'thing'`)} as held`)
  assert.equal(held[0]?.held, false)
  return {
    ...{ database, one, other },
    lapse: () => database.db.update(rows).set({ until: sql`now() - interval '1 second'` }),
    row: async () => (await database.db.select().from(rows).where(eq(rows.name, 'thing')))[0],
    isHeld: async () =>
      (await database.db.execute<{ held: boolean }>(sql`select ${isHeld(sql`'thing'`)} as held`))[0]?.held,
    async take(leases = one, more: Partial<LeaseTerms> = {}) {
      const lease = await leases.take('thing', { ...terms, ...more })
      assert.ok(lease, 'it was to be had')
      return lease
    },
    [Symbol.asyncDispose]: opened[Symbol.asyncDispose],
  }
}

test('of many who ask at once one has it, and the next when it is given back', async () => {
  await using here = await openServers()
  const asked = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 ? here.one : here.other).take('thing', terms)),
  )
  const won = asked.filter(lease => lease !== null)
  assert.equal(won.length, 1)
  assert.equal(await here.isHeld(), true)
  await won[0]?.release()
  assert.equal(await here.isHeld(), false)
  await using next = await here.take(here.other)
  assert.notEqual(next.holder, won[0]?.holder)
  await using beside = await here.one.take('another thing', terms)
  assert.ok(beside)
})

test('when it has lapsed the next one has it, and its holder finds out before anything is removed', async () => {
  await using here = await openServers()
  const { database } = here
  await using first = await here.take(here.one, { leaseMs: 2_000 })
  await here.lapse()
  await using second = await here.take(here.other)
  assert.equal(await database.transaction(first.holds), false)
  await assert.rejects(database.transaction(first.confirm), Lost)
  await database.transaction(second.confirm)
  await until('it hears of it by itself', () => first.signal.aborted, 5)
  assert.ok(first.signal.reason instanceof Lost)
  await first.release()
  assert.equal((await here.row())?.holder, second.holder, 'it gives nothing back that is another one’s')
  assert.equal(second.signal.aborted, false)
})

test('one that has lapsed is still its holder’s as long as nobody took it, and is renewed', async () => {
  await using here = await openServers()
  await using first = await here.take(here.one, { leaseMs: 2_000 })
  await here.lapse()
  assert.equal(await here.isHeld(), false)
  await here.database.transaction(first.confirm)
  await until('it is renewed', here.isHeld, 5)
  assert.equal(first.signal.aborted, false)
})

test('who has looked at it in a transaction has it to the end of that, though it lapses meanwhile', async () => {
  await using here = await openServers()
  const { database } = here
  await using first = await here.take()
  const looked = Promise.withResolvers<void>()
  const order: string[] = []
  const taking = looked.promise.then(async () => {
    const lease = await here.other.take('thing', terms)
    order.push('taken')
    return lease
  })
  await here.lapse()
  await database.transaction(async tx => {
    await first.confirm(tx)
    looked.resolve()
    if (database.kind === 'postgres')
      await until('the other one waits', async () => {
        const [waiting] = await tx.execute(sql`select 1 from pg_locks where not granted`)
        return waiting !== undefined
      })
    order.push('settled')
  })
  await using second = await taking
  assert.ok(second)
  assert.deepEqual(order, ['settled', 'taken'])
  assert.equal(await database.transaction(first.holds), false)
})

test('what nobody has is taken for a transaction; a holder that was late finds out, and the next one is let in', async () => {
  await using here = await openServers()
  const { database } = here
  const within = () => database.transaction(tx => here.other.takeWithin(tx, 'thing'))
  assert.equal(await within(), true)
  await using first = await here.take()
  assert.equal(await within(), false)
  await database.transaction(first.confirm)
  await here.lapse()
  assert.equal(await within(), true)
  assert.equal(await database.transaction(first.holds), false)
  await here.take(here.other).then(lease => lease.release())
  // What came to nothing took nothing from anybody.
  await using second = await here.take()
  await here.lapse()
  await assert.rejects(
    database.transaction(async tx => {
      await here.other.takeWithin(tx, 'thing')
      throw new Error('it came to nothing')
    }),
  )
  await database.transaction(second.confirm)
})

test('who waits is heard of by whoever has it; what is taken away is lost', async () => {
  await using here = await openServers()
  const { database } = here
  let asked = 0
  const wanted = () => {
    asked += 1
  }
  const first = await here.take(here.one, { beatMs: 50, wanted })
  await until('it was renewed, and nobody waits', async () => {
    const before = (await here.row())?.until.getTime() ?? 0
    return until('renewed', async () => ((await here.row())?.until.getTime() ?? 0) > before)
  })
  assert.equal(asked, 0)
  await here.other.ask('thing')
  await until('it is asked', () => asked > 0, 5)
  await first.release()
  const second = await here.take(here.other, { beatMs: 50, wanted: () => assert.fail('nobody waits any more') })
  await assert.rejects(
    database.transaction(async tx => {
      await here.one.revoke(tx, 'thing')
      throw new Error('it came to nothing')
    }),
  )
  await database.transaction(second.confirm)
  await database.transaction(tx => here.one.revoke(tx, 'thing'))
  await until('it hears of it', () => second.signal.aborted, 5)
  assert.equal(await database.transaction(second.holds), false)
  await second.release()
})

test('at the start of an embedded database nobody has anything; on a shared one others do', async () => {
  await using here = await openServers()
  const lease = await here.take()
  await here.other.start()
  assert.equal(await here.isHeld(), here.database.kind === 'postgres')
  await here.other.stop()
  await lease.release()
})
