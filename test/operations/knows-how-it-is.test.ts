import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { createHealth, type HealthOptions } from '../../server/operations/health.ts'
import { until } from '../support/until.ts'

const pace = { partsMs: 20, programsMs: 60_000, limitMs: 100 }
const engine = async () => ({ rung: 'best', rungs: [] })
function open(parts: HealthOptions['parts'], others: Partial<HealthOptions> = {}) {
  const health = createHealth({ version: '1', parts, engines: { answers: engine }, pace, ...others })
  return { ...health, [Symbol.dispose]: health.stop }
}

test('the first answer is true, and says when it was found out', async () => {
  let up = true
  using health = open({ database: async () => (up ? 'here' : Promise.reject(new Error('gone'))) })
  const began = new Date().toISOString()
  const { status, parts, engines, checkedAt } = await health.read()
  assert.deepEqual([status, parts.database?.ok, parts.database?.detail], ['ok', true, 'here'])
  assert.ok(checkedAt >= began && parts.database?.checkedAt === checkedAt)
  assert.ok((engines.answers?.checkedAt ?? '') >= began)
  up = false
  const down = await until('it is told', async () => {
    const report = await health.read()
    return report.status === 'down' && report
  })
  assert.equal(down.parts.database?.detail, 'gone')
  up = true
  await until('it is back', async () => (await health.read()).status === 'ok')
})

test('however many ask at once, each part is asked once, and programs hardly ever', async () => {
  const asked = { database: 0, ffmpeg: 0 }
  const ask = (name: keyof typeof asked) => async () => {
    asked[name]++
    await delay(10)
    return 'here'
  }
  using health = open({ database: ask('database') }, { programs: { ffmpeg: ask('ffmpeg') } })
  await Promise.all(Array.from({ length: 1000 }, () => health.read()))
  assert.deepEqual(asked, { database: 1, ffmpeg: 1 })
  await until('it goes on by itself', () => asked.database > 3)
  await Promise.all(Array.from({ length: 1000 }, () => health.read()))
  assert.equal(asked.ffmpeg, 1)
})

test('a part that does not answer is down, holds up nobody, and is not asked again meanwhile', async () => {
  const hanging = Promise.withResolvers<string>()
  let asked = 0
  const database = () => {
    asked++
    return hanging.promise
  }
  using health = open({ database, storage: async () => 'here' })
  const first = await health.read()
  assert.deepEqual([first.status, first.parts.database?.ok, first.parts.storage?.ok], ['down', false, true])
  assert.match(first.parts.database?.detail ?? '', /^no answer within 0\.1 s$/)
  const told = Promise.all(Array.from({ length: 100 }, health.read)).then(all => all.map(({ status }) => status))
  assert.deepEqual(await Promise.race([told, nextTurn('they wait')]), Array(100).fill('down'))
  assert.equal(asked, 1)
  hanging.resolve('late')
  await until('it is back', async () => (await health.read()).status === 'ok')
})

test('an answer that was lost is not waited for for ever', async () => {
  let asked = 0
  using health = open({ database: () => (++asked === 1 ? new Promise<string>(() => {}) : Promise.resolve('here')) })
  assert.equal((await health.read()).status, 'down')
  await until('it is asked again', async () => (await health.read()).status === 'ok')
  assert.ok(asked > 1)
})

test('an engine that says nothing any more stands where it stood', async () => {
  let calls = 0
  const answers = () => (++calls === 1 ? engine() : Promise.reject(new Error('no program')))
  using health = open({}, { engines: { answers }, pace: { ...pace, programsMs: 20 } })
  await health.read()
  await until('it was asked again', () => calls > 1)
  const report = await health.read()
  assert.deepEqual([report.status, report.engines.answers?.rung], ['ok', 'best'])
})
