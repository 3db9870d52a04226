// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noServer, openPostgres } from '../support/open-postgres.ts'
import { until } from '../support/until.ts'
import { spoken } from './captions.ts'
import { member } from './open-chat.ts'
import { countLocks, endLocks, openTwoServers } from './open-two-servers.ts'

const segments = spoken('Welcome to the show.', 'The bridge opened in 1932.')
const options = { skip: noServer, timeout: 60_000 }

type Away = (database: {
  server: Awaited<ReturnType<typeof openPostgres>>
  end: () => Promise<unknown>
}) => Promise<unknown>

/** How the connections break under a server that writes an answer. */
const outages: [what: string, away: Away][] = [
  ['its connection is ended', ({ end }) => end()],
  ['its connection is ended three times', async ({ end }) => [await end(), await end(), await end()]],
  [
    'the database is away',
    async ({ server }) => {
      server.proxy.cut()
      await new Promise(resolve => setTimeout(resolve, 2_000))
      server.proxy.mend()
    },
  ],
]
for (const [what, away] of outages) {
  test(`while a model thinks, ${what}: nobody is told that it failed, and it is asked once`, options, async () => {
    await using server = await openPostgres()
    const [first, second] = await Promise.all([server.open(), server.open()])
    {
      await using servers = await openTwoServers([first, second], segments)
      const { one, two, talks, videoId, model } = servers
      const isLocked = () => until('it is taken', async () => (await countLocks(second).catch(() => 0)) > 0)
      const { answerId, message } = await servers.ask(one)
      const talk = await until('the model is asked', () => talks[0])
      // It has seen the lock before, so that a look back is none at its own connection.
      await until('the other one looks', () => servers.looks() > 0)
      await away({ server, end: () => isLocked().then(() => endLocks(second)) })
      const retry = () => two.chat.live['answer.retry']({ videoId, questionId: message.id }, member('Ben', videoId))
      const seen = servers.looks()
      await until('the other one looks twice', () => servers.looks() >= seen + 2)
      await isLocked()
      assert.equal((await retry()).answerId, answerId)
      talk.say('It opened in 1932.')
      talk.end()
      await until('the end', () => two.noticed('answer.done').length > 0)
      assert.deepEqual([...one.noticed('answer.failed'), ...two.noticed('answer.failed')], [])
      assert.equal(model.requests.length, 1)
      await until('nobody writes it any more', async () => (await countLocks(second)) === 0)
    }
    await first.stop()
    await second.stop()
  })
}

test('whoever asks again just then, waits for the one that writes', options, async () => {
  await using server = await openPostgres()
  const [first, second] = await Promise.all([server.open(), server.open()])
  {
    await using servers = await openTwoServers([first, second], segments)
    const { one, two, talks, model } = servers
    await servers.ask(one)
    const talk = await until('the model is asked', () => talks[0])
    talk.say('It opened')
    await until('it is known there', () => two.noticed('answer.delta').length > 0)
    await servers.ask(two)
    for (const _ of [1, 2, 3]) {
      await until('it is taken', async () => (await countLocks(second)) > 0)
      await endLocks(second)
    }
    const seen = servers.looks()
    await until('the other one looks', () => servers.looks() > seen)
    talk.say(' in 1932.')
    talk.end()
    const done = await until('the answer', () => two.noticed('answer.done')[0])
    assert.equal(done.message.body, 'It opened in 1932.')
    assert.equal(model.requests.length, 1)
    assert.deepEqual([...one.noticed('answer.failed'), ...two.noticed('answer.failed')], [])
  }
  await first.stop()
  await second.stop()
})

test('where another server took it over meanwhile, the first one lets it write', options, async () => {
  await using server = await openPostgres()
  const direct = new URL(process.env.RUSHES_TEST_DATABASE_URL ?? '')
  direct.pathname = server.name
  const [first, second] = await Promise.all([server.open(), server.open({ url: direct.href })])
  {
    await using servers = await openTwoServers([first, second], segments)
    const { one, two, talks } = servers
    await servers.ask(one)
    const talk = await until('the model is asked', () => talks[0])
    talk.say('It was lost')
    await until('its first word', () => one.noticed('answer.delta').length > 0)
    await servers.ask(two)
    server.proxy.cut()
    const another = await until('the other one asks the model', () => talks[1])
    server.proxy.mend()
    await until('the first one hangs up', () => servers.model.hungUp() === 1)
    another.say('In 1932.')
    another.end()
    const done = await until('the answer', () => one.noticed('answer.done')[0])
    assert.equal(done.message.body, 'In 1932.')
    assert.deepEqual([...one.noticed('answer.failed'), ...two.noticed('answer.failed')], [])
    await until('nobody writes it any more', async () => (await countLocks(second)) === 0)
  }
  await first.stop()
  await second.stop()
})
