// tier: postgres
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createRushes, type Message, type Room, type RoomEvent, type Rushes } from '../../client-sdk/src/index.ts'
import { type Balancer, openBalancer } from '../support/balancer.ts'
import { makeFilm } from '../support/make-film.ts'
import { type RedisServer, redisIsMissing, startRedisServer } from '../support/redis-server.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

/** How long things are broken. Some minutes find what half a minute does not: RUSHES_BREAK_SECONDS=300. */
const breakSeconds = Number(process.env.RUSHES_BREAK_SECONDS ?? 30)
const seed = Number(process.env.RUSHES_BREAK_SEED ?? Date.now() % 1_000_000)
const talkers = 10

const missing = process.env.RUSHES_TEST_DATABASE_URL
  ? redisIsMissing
  : 'only a PostgreSQL server can be shared (RUSHES_TEST_DATABASE_URL)'

test('whatever is killed, everyone ends with the same log, without a gap, and with all that was ever said, once', {
  skip: missing,
  timeout: (breakSeconds + 210) * 1000,
}, async t => {
  t.diagnostic(`seed ${seed}`)
  const random = seededRandom(seed)
  await using house = await openHouse(random)
  const { balancer, rushes, videoId } = house

  const people = await Promise.all(Array.from({ length: talkers }, (_, n) => joinAndTalk(rushes, videoId, n, random)))
  const reader = followByHttp(rushes, videoId)
  const broken = await breakThings(house, random)
  t.diagnostic(
    Object.entries(broken)
      .map(([what, times]) => `${what}: ${times}`)
      .join(', '),
  )

  const said = (await Promise.all(people.map(person => person.stopTalking()))).flat()
  t.diagnostic(`${said.length} messages acknowledged`)
  assert.ok(said.length > talkers * breakSeconds * 0.2, 'hardly anything could be said')
  await until('the film came through it', async () => (await rushes.videos.get(videoId)).links.scenes !== null, 120)
  const head = (await wholeLog(rushes, videoId)).length
  await until('everyone has the whole log', () => people.every(person => person.room.seq >= head), 60)
  await until('so has the reader over HTTP', () => reader.heard.at(-1)?.seq === head, 60)

  const log = await wholeLog(rushes, videoId)
  assert.deepEqual(
    log.map(event => event.seq),
    log.map((_, index) => index + 1),
  )
  for (const { room, heard } of people) {
    assert.equal(room.status, 'live')
    assert.deepEqual(heard, log.slice((heard[0]?.seq ?? 1) - 1), 'a member heard another log')
  }
  assert.deepEqual(reader.heard, log, 'the reader over HTTP heard another log')
  const stored = log.flatMap(event => (event.type === 'message.created' ? [event.payload.message] : []))
  assert.deepEqual(stored.map(idOf).sort(), said.map(idOf).sort(), 'what was acknowledged is not what is stored')
  assert.equal(new Set(stored.map(message => message.clientId)).size, stored.length, 'something is stored twice')
  assert.equal(balancer.targets.size, 2)
  await reader.stop()
  for (const { room } of people) room.leave()
})

const idOf = ({ id, clientId, body }: Message) => `${id} ${clientId} ${body}`

interface House extends AsyncDisposable {
  balancer: Balancer
  redis: RedisServer
  servers: ServerProcess[]
  start(): Promise<ServerProcess>
  rushes: Rushes
  videoId: string
}

/** Two servers in processes of their own, over one PostgreSQL and one Redis, behind one address. */
async function openHouse(random: () => number): Promise<House> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-breaking-'))
  const database = await testDatabase(dataDirectory)
  const redis = await startRedisServer()
  const balancer = await openBalancer(random)
  const { PATH = '' } = process.env
  const env = {
    ...{ PATH, PORT: '0', DATA_DIR: dataDirectory, REDIS_URL: redis.url, ...database.env },
    ...{ TRANSCRIBER: 'none', HLS_LADDER: 'off', MESSAGES_PER_SECOND: '0' },
  }
  const servers: ServerProcess[] = []
  const start = async () => {
    const server = await startServerProcess(env)
    servers.push(server)
    balancer.targets.add(server.url)
    return server
  }
  await start()
  await start()
  const rushes = createRushes({ url: balancer.url })
  const video = await rushes.videos.upload(await makeFilm(join(dataDirectory, 'film.mp4'), { seconds: 2 }))
  // They talk from its first second on, while it is processed, and that is broken as well.
  return {
    ...{ balancer, redis, servers, start, rushes, videoId: video.id },
    async [Symbol.asyncDispose]() {
      await balancer[Symbol.asyncDispose]()
      await Promise.all(servers.map(server => server.kill()))
      await redis[Symbol.asyncDispose]()
      await database.drop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** Says something every moment, and hears everything. */
async function joinAndTalk(rushes: Rushes, videoId: string, n: number, random: () => number) {
  const room: Room = await rushes.rooms.join(videoId, { name: `talker ${n}` })
  const heard: RoomEvent[] = []
  room.on('event', event => heard.push(event))
  const said: Promise<Message>[] = []
  let isTalking = true
  const talking = (async () => {
    while (isTalking) {
      said.push(room.send({ body: `${n} says ${said.length}` }))
      await delay(50 + random() * 200)
    }
  })()
  return {
    room,
    heard,
    async stopTalking() {
      isTalking = false
      await talking
      return Promise.all(said)
    },
  }
}

function followByHttp(rushes: Rushes, videoId: string) {
  const controller = new AbortController()
  const heard: RoomEvent[] = []
  const following = (async () => {
    for await (const event of rushes.videos.follow(videoId, { signal: controller.signal })) heard.push(event)
  })()
  following.catch(() => {})
  return {
    heard,
    async stop() {
      controller.abort(new Error('read enough'))
      await assert.rejects(following, /read enough/)
    },
  }
}

/** Kills, stops, freezes and cuts at random; at the end everything stands again. */
async function breakThings({ balancer, redis, servers, start }: House, random: () => number) {
  const anyServer = () => servers[Math.floor(random() * servers.length)] as ServerProcess
  const replace = async (end: (server: ServerProcess) => Promise<unknown>) => {
    const server = anyServer()
    balancer.targets.delete(server.url)
    servers.splice(servers.indexOf(server), 1)
    await end(server)
    await delay(random() * 500)
    await start()
  }
  const ways: Record<string, () => Promise<unknown>> = {
    'servers killed': () => replace(server => server.kill()),
    'servers restarted': () => replace(server => server.stop()),
    async 'Redis killed'() {
      await redis.kill()
      await delay(random() * 2500)
      await redis.start()
    },
    'all connections cut': async () => balancer.cut(1),
    'some connections cut': async () => balancer.cut(0.4),
    async 'servers frozen'() {
      const { pid } = anyServer()
      process.kill(pid, 'SIGSTOP')
      await delay(500 + random() * 1500)
      process.kill(pid, 'SIGCONT')
    },
  }
  const broken: Record<string, number> = {}
  const end = performance.now() + breakSeconds * 1000
  for (let round = 0; performance.now() < end; round++) {
    // Each way once, then at random.
    const names = Object.keys(ways)
    const name = names[round < names.length ? round : Math.floor(random() * names.length)] as string
    await ways[name]?.()
    broken[name] = (broken[name] ?? 0) + 1
    await delay(random() * 800)
  }
  return broken
}

async function wholeLog(rushes: Rushes, videoId: string): Promise<RoomEvent[]> {
  const log: RoomEvent[] = []
  for (;;) {
    const page = await rushes.videos.events(videoId, log.length, { limit: 1000 })
    if (page.length === 0) return log
    log.push(...page)
  }
}
