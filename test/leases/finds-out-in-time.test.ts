// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLeases } from '../../server/platform/leases/index.ts'
import { keepLease, type Renewal } from '../../server/platform/leases/keep-lease.ts'
import { createLog } from '../../server/platform/log.ts'
import { noServer, openPostgres } from '../support/open-postgres.ts'
import { until } from '../support/until.ts'

const lost = () => new Error('lost')
const keep = (renew: () => Promise<Renewal>, leaseMs: number, { askedAtMs = Date.now(), beatMs = leaseMs / 4 } = {}) =>
  keepLease({ renew, leaseMs, beatMs, askedAtMs, lost })

test('it is lost when another one has it, which the next renewal says', async () => {
  const answers: Renewal[] = ['held', 'wanted', 'lost', 'held']
  let asked = 0
  const kept = keep(async () => answers[asked++] ?? 'held', 60_000, { beatMs: 50 })
  await until('it hears of it', () => kept.signal.aborted)
  assert.equal(asked, 3)
  await kept.stop()
})

test('where the database does not answer, it is lost by the time that passed, and before it lapses', t => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] })
  const silent = keep(() => new Promise(() => {}), 3_000)
  t.mock.timers.tick(2_400)
  assert.equal(silent.signal.aborted, false)
  t.mock.timers.tick(599)
  assert.ok(silent.signal.aborted)
  // Taking it may have taken its time.
  const late = keep(() => new Promise(() => {}), 60_000, { askedAtMs: Date.now() - 50_000 })
  t.mock.timers.tick(9_999)
  assert.ok(late.signal.aborted)
})

test('a renewal that failed is tried again, and a machine that slept finds out when it wakes', async () => {
  let failures = 0
  const flaky = keep(async () => {
    failures += 1
    if (failures % 2 === 1) throw new Error('the database is away for a moment')
    return 'held'
  }, 3_000)
  await until('it was renewed again', () => failures >= 4, 10)
  assert.equal(flaky.signal.aborted, false)
  // As a thread does that stands still: nothing runs, and time goes on.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_100)
  await until('it knows', () => flaky.signal.aborted)
  await flaky.stop()
})

test('an outage that is shorter than the lease is outlived; one that is longer is noticed during it', {
  skip: noServer,
  timeout: 60_000,
}, async () => {
  await using server = await openPostgres()
  const database = await server.open()
  const log = createLog({ level: 'silent', pretty: false })
  const leases = createLeases({ database, log })
  const lease = await leases.take('thing', { leaseMs: 6_000, lost })
  assert.ok(lease)
  const told: string[] = []
  const other = await leases.take('another thing', {
    leaseMs: 30_000,
    beatMs: 100,
    lost,
    wanted: () => void told.push('wanted'),
  })
  assert.ok(other)
  server.proxy.cut()
  await until('the shorter one is lost while nothing answers', () => lease.signal.aborted, 10)
  assert.equal(other.signal.aborted, false)
  server.proxy.mend()
  await leases.ask('another thing')
  await until('the longer one is renewed again, and hears what it is told', () => told.length > 0, 20)
  assert.equal(other.signal.aborted, false)
  await database.transaction(other.confirm)
  // Nobody took it meanwhile: whoever stopped working under it can still give it back.
  await lease.release()
  assert.ok(await leases.take('thing', { leaseMs: 6_000, lost }).then(again => again?.release().then(() => true)))
  await other.release()
  await database.stop()
})
