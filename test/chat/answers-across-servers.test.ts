// tier: postgres
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { createAnswerNews, type Fate } from '../../server/chat/answer-news.ts'
import { createAnswersInProgress } from '../../server/chat/answers-in-progress.ts'
import { createLog } from '../../server/platform/log.ts'
import { type EventsFrame, type Message, MessageId, VideoId, videoStream } from '../../shared/index.ts'
import { until } from '../support/until.ts'
import { spoken } from './captions.ts'
import { joinBuses } from './joined-buses.ts'
import { member, openDatabaseForFile } from './open-chat.ts'
import { countLocks, openTwoServers, question } from './open-two-servers.ts'

const log = createLog({ level: 'silent', pretty: false })
const database = await openDatabaseForFile()
const segments = spoken('Welcome to the show.', 'The bridge opened in 1932.')
const shared = database.kind === 'embedded' && 'only a PostgreSQL server can be shared'

const openServers = () => openTwoServers([database, database], segments)

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
    return (await countLocks(database)) === 0
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
  const { one, two, talks } = servers
  await servers.ask(one)
  await until('the model is asked', () => talks[0])
  await servers.ask(two)
  await servers.killOne()
  const talk = await until('the other one asks the model', () => talks[1])
  talk.say('In 1932.')
  talk.end()
  const done = await until('the answer', () => two.noticed('answer.done')[0])
  assert.equal(done.message.body, 'In 1932.')
})

/** Another server's news: what it heard of an answer whose end never came, and what the database says of it. */
function overheard(fate: () => Fate) {
  const { buses, cut } = joinBuses(2)
  const told: [name: string, code: string | undefined][] = []
  let commit: (frame: EventsFrame) => void = () => {}
  const [dying, other] = buses.map(bus =>
    createAnswerNews({
      ...{ bus, log },
      fateOf: async () => fate(),
      journal: {
        onCommitted(listener) {
          if (bus === buses[1]) commit = listener
          return () => {}
        },
      },
      notifyHere: (_, name, payload) => {
        if (bus === buses[1]) told.push([name, 'error' in payload ? payload.error.code : undefined])
      },
    }),
  )
  assert.ok(dying && other)
  dying.tell({ name: 'answer.started', payload: { videoId: video(1), answerId: answer(1), questionId: answer(2) } })
  cut()
  return {
    ...{ told, other },
    commit: (frame: EventsFrame) => commit(frame),
    [Symbol.dispose]() {
      dying.stop()
      other.stop()
      mock.timers.reset()
    },
  }
}

/** So that what was asked of the database is answered, and what follows is done. */
const settle = () => new Promise(resolve => setImmediate(resolve))
async function pass(ms: number) {
  for (let at = 0; at < ms; at += 1000) {
    mock.timers.tick(1000)
    await settle()
  }
}

test('when a server dies in the middle of an answer, the others tell those who wait for it within 8 s, once', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] })
  let fate: Fate = 'writing'
  using heard = overheard(() => fate)
  // A model that thinks for a minute is no server that died.
  await pass(60_000)
  assert.deepEqual(heard.told, [['answer.started', undefined]])
  assert.equal(heard.other.roomOf(answer(1)), video(1))
  fate = 'given up'
  await pass(8_000)
  assert.deepEqual(heard.told.slice(1), [['answer.failed', 'answer.failed']])
  assert.equal(heard.other.roomOf(answer(1)), undefined)
  assert.deepEqual(heard.other.inProgress(video(1)), [])
  await pass(8_000)
  assert.equal(heard.told.length, 2)
})

test('an answer whose end was not heard of is not told to have failed: it is there', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] })
  using heard = overheard(() => ({ id: answer(1), videoId: video(1), kind: 'answer' }) as Message)
  await pass(8_000)
  assert.deepEqual(heard.told.slice(1), [['answer.done', undefined]])
  assert.deepEqual(heard.other.inProgress(video(1)), [])
})

test('cancelled elsewhere, its end is told once, also where the database knows it first', async () => {
  const { buses } = joinBuses(2)
  const told: string[] = []
  const [writer, other] = buses.map(bus =>
    createAnswerNews({
      ...{ bus, log, fateOf: async () => 'given up', journal: { onCommitted: () => () => {} } },
      notifyHere: (_, name) => bus === buses[1] && told.push(name),
    }),
  )
  assert.ok(writer && other)
  const known = { videoId: video(1), answerId: answer(1), questionId: answer(2) }
  writer.onCancel((_, { message }) => {
    const failed = {
      name: 'answer.failed',
      payload: { ...known, error: { code: 'answer.cancelled', message } },
    } as const
    setTimeout(() => writer.tell(failed), 200)
  })
  writer.tell({ name: 'answer.started', payload: known })
  await other.cancelElsewhere(answer(1), { message: 'The answer was cancelled.' })
  assert.deepEqual(told, ['answer.started', 'answer.failed'])
  writer.stop()
  other.stop()
})

test('what has just been asked at one server is cancelled at another that has not heard of it', async () => {
  await using servers = await openServers()
  const { one, two, videoId } = servers
  const { answerId } = await servers.ask(one)
  await two.chat.live['answer.cancel']({ answerId }, member('Ben', videoId))
  const failed = await until('it is told', () => two.noticed('answer.failed')[0])
  assert.equal(failed.error.code, 'answer.cancelled')
  assert.deepEqual(await one.chat.recent(videoId, 9).then(all => all.map(({ kind }) => kind)), ['question'])
})

test('as soon as the log has an answer, nobody is told that it is being written', () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] })
  using heard = overheard(() => 'writing')
  assert.equal(heard.other.inProgress(video(1)).length, 1)
  const message = { id: answer(1), videoId: video(1), kind: 'answer' } as Message
  heard.commit({
    stream: videoStream(video(1)),
    events: [{ seq: 1, type: 'message.created', payload: { message }, at: '' }],
  })
  assert.deepEqual(heard.other.inProgress(video(1)), [])
})

test('cancelled after its server died, it is given up for everyone', { skip: shared }, async () => {
  await using servers = await openServers()
  const { one, two, talks, videoId } = servers
  const { answerId, message } = await servers.ask(one)
  const talk = await until('the model is asked', () => talks[0])
  talk.say('It')
  await until('it is known there', () => two.chat.inProgress(videoId)[0]?.text === 'It')
  await servers.killOne()
  await two.chat.live['answer.cancel']({ answerId }, member('Ben', videoId))
  assert.deepEqual(
    two.noticed('answer.failed').map(({ error }) => error.code),
    ['answer.cancelled'],
  )
  assert.deepEqual(two.chat.inProgress(videoId), [])
  const again = await two.chat.live['answer.retry']({ videoId, questionId: message.id }, member('Ben', videoId))
  assert.equal(again.answerId, answerId)
})

const video = (n: number) => VideoId.parse(`0190aaaa-0000-7000-8000-${String(n).padStart(12, '0')}`)
const answer = (n: number) => MessageId.parse(`0190bbbb-0000-7000-8000-${String(n).padStart(12, '0')}`)
const limits = { answers: 10, inOneRoom: 4, characters: 20, silentMs: 1000 }

test('what is kept of running answers is bounded, and what is silent is looked at', () => {
  let nowMs = 0
  const answers = createAnswersInProgress({ limits, now: () => nowMs })
  const start = (room: number, n: number) =>
    answers.take(
      {
        name: 'answer.started',
        payload: { videoId: video(room), answerId: answer(n), questionId: answer(n) },
      },
      false,
    )
  const add = (room: number, n: number, index: number, text: string) =>
    answers.take({ name: 'answer.delta', payload: { videoId: video(room), answerId: answer(n), index, text } }, false)
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
  assert.equal(answers.silent().length, 8)
  for (const { answerId } of answers.silent()) answers.isWriting(answerId)
  assert.equal(answers.silent().length, 0)
})
