import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { createAnswerNews } from '../../server/chat/answer-news.ts'
import { createAnswersInProgress } from '../../server/chat/answers-in-progress.ts'
import { createLog } from '../../server/platform/log.ts'
import { MessageId, VideoId } from '../../shared/index.ts'
import { until } from '../support/until.ts'
import { spoken } from './captions.ts'
import { joinBuses } from './joined-buses.ts'
import { dictated, startModelServer } from './model-server.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'

const log = createLog({ level: 'silent', pretty: false })
const database = await openDatabaseForFile()
const segments = spoken('Welcome to the show.', 'The bridge opened in 1932.')
const question = 'When did the bridge open?'
const shared = database.kind === 'embedded' && 'only a PostgreSQL server can be shared'

/** Two servers with one database, and a model that says what it is told to. */
async function openServers() {
  const { buses, said, cut } = joinBuses(2)
  const talks: ReturnType<typeof dictated>[] = []
  const model = await startModelServer(() => {
    const talk = dictated()
    talks.push(talk)
    return { ending: 'end', deltas: talk.deltas }
  })
  const [one, two] = buses.map(bus => openChat(database, { segments, baseUrl: model.baseUrl, bus }))
  assert.ok(one && two)
  const videoId = await one.createVideo()
  const ask = (server: typeof one, clientId = 'q') =>
    server.chat.live['question.ask']({ videoId, clientId, question }, member('Ada', videoId))
  return {
    ...{ one, two, model, talks, videoId, ask, said, cut },
    async [Symbol.asyncDispose]() {
      for (const talk of talks) talk.end()
      await one.chat.stop()
      await two.chat.stop()
      await model[Symbol.asyncDispose]()
    },
  }
}

test('every server knows a running answer from its beginning, and each piece is published once', async () => {
  await using servers = await openServers()
  const { one, two, talks, videoId, said } = servers
  const { answerId, message } = await servers.ask(one)
  const talk = await until('the model is asked', () => talks[0])
  talk.say('It')
  talk.say(' opened')
  await until('it is known there', () => two.chat.inProgress(videoId)[0]?.nextIndex === 2)
  const known = { answerId, questionId: message.id, text: 'It opened', nextIndex: 2 }
  assert.deepEqual([one.chat.inProgress(videoId), two.chat.inProgress(videoId)], [[known], [known]])
  talk.say(' in 1932.')
  talk.end()
  const [done] = await until(
    'the end is told there',
    () => two.noticed('answer.done').length > 0 && two.noticed('answer.done'),
  )
  assert.equal(done?.message.body, 'It opened in 1932.')
  assert.deepEqual(two.noticed('answer.delta'), one.noticed('answer.delta'))
  assert.deepEqual([one.chat.inProgress(videoId), two.chat.inProgress(videoId)], [[], []])
  assert.equal(said.length, one.noticed('answer.delta').length + 2)
})

test('anyone cancels it from another server; whoever is not in the room, or names none, does not', async () => {
  await using servers = await openServers()
  const { one, two, talks, videoId, model } = servers
  const { answerId } = await servers.ask(one)
  const talk = await until('the model is asked', () => talks[0])
  talk.say('It')
  await until('it is known there', () => two.chat.inProgress(videoId)[0]?.text === 'It')
  const cancel = two.chat.live['answer.cancel']
  await assert.rejects(cancel({ answerId }, member('Eve')), { code: 'room.not_joined' })
  await assert.rejects(cancel({ answerId: videoId as string as MessageId }, member('Ben', videoId)), {
    code: 'answer.not_found',
  })
  await cancel({ answerId }, member('Ben', videoId))
  const failed = await until('it is told there', () => two.noticed('answer.failed')[0])
  assert.equal(failed.error.code, 'answer.cancelled')
  await until('the model was hung up on', () => model.hungUp() === 1)
  assert.equal((await one.chat.recent(videoId, 9)).length, 1)
})

test('the same question at two servers is answered by one; both have its answer', { skip: shared }, async () => {
  await using servers = await openServers()
  const { one, two, talks, videoId, model } = servers
  const first = await servers.ask(one)
  const talk = await until('the model is asked', () => talks[0])
  talk.say('It opened')
  assert.deepEqual(await servers.ask(two), first)
  assert.deepEqual(
    await two.chat.live['answer.retry']({ videoId, questionId: first.message.id }, member('Ben', videoId)),
    first,
  )
  talk.say(' in 1932.')
  talk.end()
  await until('the end', () => one.noticed('answer.done').length === 1)
  await until('nobody waits any more', async () => {
    const [running] = await database.db.execute(
      sql`select count(*)::int as locks from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()`,
    )
    return running?.locks === 0
  })
  assert.equal(model.requests.length, 1)
  assert.deepEqual(
    (await two.chat.recent(videoId, 9)).map(({ kind, body }) => [kind, body]),
    [
      ['question', question],
      ['answer', 'It opened in 1932.'],
    ],
  )
})

test('cancelled at one server, it is not answered by another that was asked the same', { skip: shared }, async () => {
  await using servers = await openServers()
  const { one, two, talks, videoId, model } = servers
  const { answerId } = await servers.ask(one)
  await until('the model is asked', () => talks[0])
  await servers.ask(two)
  await one.chat.live['answer.cancel']({ answerId }, member('Ada', videoId))
  await until('it is told', () => two.noticed('answer.failed').length > 0)
  // The waiting one would have taken over by now.
  await two.chat.stop()
  assert.equal(model.requests.length, 1)
  assert.deepEqual(
    new Set(two.noticed('answer.failed').map(failed => failed.error.code)),
    new Set(['answer.cancelled']),
  )
})

test('when a server dies, the one that was asked the same answers', { skip: shared }, async () => {
  await using servers = await openServers()
  const { one, two, talks, cut } = servers
  await servers.ask(one)
  await until('the model is asked', () => talks[0])
  await servers.ask(two)
  // As a killed process does: nothing is heard of it any more, and its connection ends.
  cut()
  await database.db.execute(
    sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()`,
  )
  const talk = await until('the other one asks the model', () => talks[1])
  talk.say('In 1932.')
  talk.end()
  const done = await until('the answer', () => two.noticed('answer.done')[0])
  assert.equal(done.message.body, 'In 1932.')
})

test('when a server dies in the middle of an answer, the others tell those who wait for it, once', () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] })
  try {
    const { buses, cut } = joinBuses(2)
    const told: [room: string, name: string, code: string | undefined][] = []
    const [dying, other] = buses.map(bus =>
      createAnswerNews({
        ...{ bus, log },
        notifyHere: (room, name, payload) => {
          if (bus === buses[1]) told.push([room, name, 'error' in payload ? payload.error.code : undefined])
        },
      }),
    )
    const payload = { videoId: video(1), answerId: answer(1), questionId: answer(2) }
    dying?.tell({ name: 'answer.started', payload })
    cut()
    mock.timers.tick(110_000)
    assert.deepEqual(told, [[video(1), 'answer.started', undefined]])
    assert.equal(other?.roomOf(answer(1)), video(1))
    mock.timers.tick(30_000)
    assert.deepEqual(told.slice(1), [[video(1), 'answer.failed', 'answer.failed']])
    assert.equal(other?.roomOf(answer(1)), undefined)
    for (const news of [dying, other]) news?.stop()
  } finally {
    mock.timers.reset()
  }
})

const video = (n: number) => VideoId.parse(`0190aaaa-0000-7000-8000-${String(n).padStart(12, '0')}`)
const answer = (n: number) => MessageId.parse(`0190bbbb-0000-7000-8000-${String(n).padStart(12, '0')}`)
const limits = { answers: 10, inOneRoom: 4, characters: 20, silentMs: 1000 }

test('what is kept of running answers is bounded, and what is silent is given up', () => {
  let nowMs = 0
  const answers = createAnswersInProgress({ limits, now: () => nowMs })
  const start = (room: number, n: number) =>
    answers.take({
      name: 'answer.started',
      payload: { videoId: video(room), answerId: answer(n), questionId: answer(n) },
    })
  const add = (room: number, n: number, index: number, text: string) =>
    answers.take({ name: 'answer.delta', payload: { videoId: video(room), answerId: answer(n), index, text } })
  for (let n = 0; n < 6; n++) start(1, n)
  assert.deepEqual(
    answers.of(video(1)).map(each => each.answerId),
    [2, 3, 4, 5].map(answer),
  )
  for (let n = 10; n < 30; n++) start(n, n)
  assert.equal([...Array(40).keys()].filter(n => answers.find(answer(n))).length, 10)
  add(29, 29, 0, 'twelve chars')
  assert.equal(answers.of(video(29))[0]?.text, 'twelve chars')
  nowMs = 900
  add(29, 29, 1, 'and more than fits')
  assert.deepEqual(answers.of(video(29)), [], 'too long to be shown before it is done')
  assert.ok(answers.find(answer(29)), 'yet it can be cancelled')
  start(28, 28)
  add(28, 28, 1, 'its beginning was missed')
  assert.deepEqual(answers.of(video(28)), [])
  nowMs = 1100
  const silent = answers.forgetSilent()
  assert.equal(silent.length, 8)
  assert.ok(answers.find(answer(29)) && answers.find(answer(28)))
})
