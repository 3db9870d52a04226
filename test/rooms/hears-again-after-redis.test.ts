import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { openRedisBus, type RedisBus } from '../../server/platform/hub/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { openProxy } from '../support/open-proxy.ts'
import { type RedisServer, redisIsMissing, startRedisServer } from '../support/redis-server.ts'
import { until } from '../support/until.ts'

const log = createLog({ level: 'silent', pretty: false })
/** Three times as often as usual, so that nobody waits long. */
const beatMs = 300

async function open(url: string, serverId: string): Promise<RedisBus & AsyncDisposable> {
  const bus = await openRedisBus(url, { serverId, log, beatMs })
  return { ...bus, [Symbol.asyncDispose]: bus.stop }
}

const Word = z.object({ said: z.string() })

/** Says things until the other one hears one: what is said while Redis is away is lost, and may be. */
async function speaksTo(one: RedisBus, other: RedisBus): Promise<void> {
  const heard: string[] = []
  const stop = other.on('word', Word, ({ said }, from) => heard.push(`${from}: ${said}`))
  await until(`${other.serverId} hears ${one.serverId}`, () => {
    one.publish('word', { said: 'hello' })
    return heard.includes(`${one.serverId}: hello`)
  })
  stop()
}

const hearEachOther = (one: RedisBus, other: RedisBus) => Promise.all([speaksTo(one, other), speaksTo(other, one)])

/** What happens to a Redis that two servers share, until it is well again. */
const troubles: Record<string, (redis: RedisServer) => Promise<unknown>> = {
  'ends its subscribers': redis => redis.ask(['CLIENT', 'KILL', 'TYPE', 'pubsub']),
  'ends its speakers': redis => redis.ask(['CLIENT', 'KILL', 'TYPE', 'normal']),
  async 'is killed and started'(redis) {
    await redis.kill()
    await redis.start()
  },
  async 'falls silent for a while'(redis) {
    redis.freeze()
    await delay(6 * beatMs)
    redis.thaw()
  },
  async 'finds its subscribers too slow'(redis) {
    await redis.ask(['CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 65536 0 0'])
    await redis.ask(['PUBLISH', 'rushes:bus', 'x'.repeat(1_000_000)])
    await redis.ask(['CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 1048576 0 0'])
  },
  async 'lets nobody in for a while'(redis) {
    await redis.ask(['CONFIG', 'SET', 'requirepass', 'secret'], ['CLIENT', 'KILL', 'TYPE', 'pubsub'])
    await delay(2 * beatMs)
    await redis.ask(['CONFIG', 'SET', 'requirepass', ''])
  },
  async 'is full for a while'(redis) {
    await redis.ask(['CONFIG', 'SET', 'maxclients', '1'], ['CLIENT', 'KILL', 'TYPE', 'pubsub'])
    await until('it may be asked again', () => redis.ask(['CONFIG', 'SET', 'maxclients', '100']).catch(() => false))
  },
  async 'forbids the channel for a while'(redis) {
    await redis.ask(['ACL', 'SETUSER', 'default', 'resetchannels'])
    await delay(2 * beatMs)
    await redis.ask(['ACL', 'SETUSER', 'default', 'allchannels'])
  },
}

suite('servers hear each other again', { skip: redisIsMissing, concurrency: 4 }, () => {
  for (const [trouble, happens] of Object.entries(troubles))
    test(`after a Redis that ${trouble}`, async () => {
      await using redis = await startRedisServer()
      await using one = await open(redis.url, 'one')
      await using other = await open(redis.url, 'other')
      await hearEachOther(one, other)
      for (let round = 0; round < 2; round++) {
        await happens(redis)
        await hearEachOther(one, other)
      }
    })
})

test('a server that is connected and does not hear any more asks anew', { skip: redisIsMissing }, async () => {
  await using redis = await startRedisServer()
  await using way = await openProxy(redis.url)
  await using deaf = await open(way.url.replace('http', 'redis'), 'deaf')
  await using other = await open(redis.url, 'other')
  await hearEachOther(deaf, other)
  // What it says is swallowed from here on, and nobody hangs up.
  way.hold(0)
  await assert.rejects(
    until('it is heard', () => deaf.ping().then(() => false)),
    /away/,
  )
  way.release()
  await hearEachOther(deaf, other)
  assert.match(await deaf.ping(), /heard/)
})

test('servers that start while Redis is away, or frozen, hear each other when it is there', {
  skip: redisIsMissing,
}, async () => {
  await using redis = await startRedisServer()
  await redis.kill()
  await using early = await open(redis.url, 'early')
  await redis.start()
  redis.freeze()
  await using other = await open(redis.url, 'other')
  redis.thaw()
  await hearEachOther(early, other)
})

const junk = [
  ...['', 'junk', '{', 'null', '[]', '3', '"text"', '{}', '{"from":1,"messages":[]}', '{"from":"x","messages":{}}'],
  ...[
    '{"from":"x","messages":[null]}',
    '{"from":"x","messages":[["word"]]}',
    '{"from":"x","messages":[["word",null]]}',
  ],
  ...['{"from":"x","messages":[["word",[]]]}', '{"from":"x","messages":[[{},{}]]}', `${'['.repeat(20_000)}`],
]

test('junk on the channel, and a listener that throws, keep nothing else from being heard', {
  skip: redisIsMissing,
}, async () => {
  await using redis = await startRedisServer()
  await using one = await open(redis.url, 'one')
  await using other = await open(redis.url, 'other')
  other.on('word', Word, () => {
    throw new Error('it reads nothing')
  })
  for (const text of junk) await redis.ask(['PUBLISH', 'rushes:bus', text])
  await hearEachOther(one, other)
})
