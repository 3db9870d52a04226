import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRushes, type RoomEvent, type Rushes } from '../../client-sdk/src/index.ts'
import { postgresIsMissing } from '../support/postgres-server.ts'
import { redisIsMissing } from '../support/redis-server.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { until } from '../support/until.ts'
import { isReady, type Uploader, uploadFilms, type Viewer, watchFilm } from './films.ts'
import { type House, openHouse } from './house.ts'
import { losesQueue, type Outage, outages } from './outages.ts'
import { enter, type Person } from './people.ts'

/** How often each thing goes away: once in CI; RUSHES_RESTARTS=50 for a whole soak, which takes minutes. */
const restarts = Number(process.env.RUSHES_RESTARTS ?? (process.env.CI ? 1 : 0))
const seed = Number(process.env.RUSHES_RESTARTS_SEED ?? Date.now() % 1_000_000)
/** Some of them; all when not given. */
const only = process.env.RUSHES_RESTARTS_OF?.split(',')
const longestAwayMs = 2_000
/** The same without anything being away, for comparison. */
const idle = 'nothing'
/** Whoever waits longer was not served. Asked of a soak alone: once is no measure. */
const mostMs = 10_000

test('whatever is restarted under load, no server ends, everyone is served again in time, and nothing is lost', {
  skip: postgresIsMissing || redisIsMissing || (restarts === 0 && 'RUSHES_RESTARTS says how often'),
  timeout: 120_000 + restarts * 4 * 40_000,
}, async t => {
  t.diagnostic(`seed ${seed}, ${restarts} of each`)
  const random = seededRandom(seed)
  await using house = await openHouse()
  const rushes = createRushes({ url: house.urls[0] })
  const people = await gather(house)
  const films = uploadFilms({ ...house, random })
  const viewer = await watchFilm({ ...house, random }, house.videoId)
  const scene = { house, people, films, viewer }

  const tookMs: Record<string, number[]> = {}
  for (const [what, how, outage] of plan(random)) {
    await outage(scene)
    const ms = await untilServed(scene)
    tookMs[what] = [...(tookMs[what] ?? []), ms]
    // A long run is looked at while it goes on.
    if (restarts > 1)
      console.error(
        `${new Date().toISOString().slice(11, 19)} ${what} (${how}): everyone was served after ${Math.round(ms)} ms`,
      )
  }
  for (const [what, each] of Object.entries(tookMs)) t.diagnostic(inWords(what, each))

  await Promise.all([films.stop(), viewer.stop(), ...people.map(person => person.fallSilent())])
  const log = await wholeLog(rushes, house.videoId)
  for (const line of summary(scene, log)) t.diagnostic(line)
  for (const line of house.errors()) t.diagnostic(line)
  assert.equal(house.lostServers(), 0, 'a server ended')
  assert.deepEqual(house.errors(), [], 'what was away for a moment was taken for a fault')
  assertNothingLost(people, log)
  await until('all have the whole log', () => people.every(person => log.every(event => isHeard(event, person))), 60)
  for (const person of people) person.leave()
  await until(
    'all films are ready',
    async () => {
      const ready = await Promise.all(films.taken.map(id => isReady(rushes, id)))
      return ready.every(Boolean)
    },
    120,
  )
  assert.equal(viewer.counts.wrong, 0, 'a piece of a film came wrong, or never')
  // A machine that is slow by itself is not what is tried here.
  const { [idle]: withoutMs = [], ...afterMs } = tookMs
  const slow = Object.values(afterMs)
    .flat()
    .filter(ms => ms > mostMs + Math.max(...withoutMs))
  if (restarts > 1) assert.deepEqual(slow, [], 'someone had to wait for too long')
})

interface Scene {
  house: House
  people: Person[]
  films: Uploader
  viewer: Viewer
}

/** On both servers, through every door. */
const gather = ({ urls, videoId }: House) =>
  Promise.all(
    urls.flatMap((url, server) =>
      (['Socket.IO', 'Socket.IO', 'plain WebSocket', 'HTTP'] as const).map((door, n) =>
        enter(door, { url, videoId, name: `${door} ${server}.${n}` }),
      ),
    ),
  )

/** Each thing in turn, so that a short run meets them all; in each the ways that were not met for longest. */
function* plan(
  random: () => number,
): Generator<[what: string, how: string, outage: (scene: Scene) => Promise<unknown>]> {
  const awayMs = () => random() * longestAwayMs
  const wanted = (what: string) => only?.includes(what) ?? true
  const turns = Math.floor(random() * 5)
  for (let round = 0; round < restarts; round++) {
    yield [idle, 'for comparison', async () => {}]
    for (const [what, ways] of Object.entries(outages)) {
      const each = Object.entries<Outage>(ways)
      const [how, way] = each[(turns + round) % each.length] as [string, Outage]
      if (wanted(what)) yield [what, how, ({ house }) => way(house, awayMs())]
    }
    if (wanted('queue'))
      yield [
        'queue',
        'under jobs, a server starts meanwhile',
        ({ house, films }) => losesQueue(house, { awayMs: awayMs(), films }),
      ]
  }
}

/** Everyone says something that everyone hears, and a piece of the film comes. Answers how long that took. */
async function untilServed({ people, viewer }: Scene): Promise<number> {
  const began = performance.now()
  const said = await Promise.all(people.map(person => person.say('Is this heard?')))
  await until('all is heard by all', () => people.every(({ heard }) => said.every(each => heard.has(each))), 120)
  await until('the film plays', () => viewer.read(), 60)
  return performance.now() - began
}

const isHeard = ({ type, payload }: RoomEvent, { heard }: Person): boolean =>
  type !== 'message.created' || heard.has(payload.message.clientId ?? '')

function assertNothingLost(people: readonly Person[], log: readonly RoomEvent[]): void {
  assert.deepEqual(
    log.map(event => event.seq),
    log.map((_, index) => index + 1),
    'the log has gaps',
  )
  const stored = log.flatMap(event => (event.type === 'message.created' ? [event.payload.message] : []))
  assert.equal(new Set(stored.map(message => message.clientId)).size, stored.length, 'something is stored twice')
  const ids = new Map(stored.map(({ clientId, id }) => [clientId as string, id as string]))
  for (const { acknowledged, name } of people)
    for (const [clientId, id] of acknowledged) assert.equal(ids.get(clientId), id, `a message of ${name} is lost`)
}

function* summary({ people, films, viewer }: Scene, log: readonly RoomEvent[]): Generator<string> {
  const refusals = new Map<string, number>()
  for (const person of people)
    for (const [code, times] of person.refusals) refusals.set(code, (refusals.get(code) ?? 0) + times)
  const acknowledged = people.reduce((sum, person) => sum + person.acknowledged.size, 0)
  yield `${acknowledged} messages acknowledged, ${log.length} events; sent again after ${JSON.stringify(Object.fromEntries(refusals))}`
  yield `${films.taken.length} films taken, ${films.failed()} attempts failed; pieces read: ${JSON.stringify(viewer.counts)}`
}

function inWords(what: string, tookMs: readonly number[]): string {
  const sorted = tookMs.toSorted((a, b) => a - b).map(ms => (ms / 1000).toFixed(1))
  return `${what}: ${sorted.length} times; everyone was served after ${sorted[sorted.length >> 1]} s (median), ${sorted.at(-1)} s (longest)`
}

async function wholeLog(rushes: Rushes, videoId: string): Promise<RoomEvent[]> {
  const log: RoomEvent[] = []
  for (;;) {
    const page = await rushes.videos.events(videoId, log.length, { limit: 1000 })
    if (page.length === 0) return log
    log.push(...page)
  }
}
