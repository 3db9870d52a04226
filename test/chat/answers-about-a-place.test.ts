import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOf } from '../../server/chat/place.ts'
import type { Message, Segment } from '../../shared/index.ts'
import { AskQuestion } from '../../shared/index.ts'
import { until } from '../support/until.ts'
import { spoken } from './captions.ts'
import { startModelServer } from './model-server.ts'
import { member, openChat, openDatabaseForFile } from './open-chat.ts'
import { serveChat } from './serve-chat.ts'

const database = await openDatabaseForFile()

/** One every minute. */
const segments: Segment[] = spoken(
  'We begin in the harbour with the boats.',
  'The captain checks the engine twice.',
  'The storm breaks the mast of the boat.',
  'They repair the mast with rope.',
  'At last the boats come home.',
).map((segment, index) => ({ ...segment, startSeconds: index * 60, endSeconds: index * 60 + 5 }))

const asking = (body: string, atSeconds: number | null, endSeconds: number | null = null) =>
  placeOf({ body, atSeconds, endSeconds } satisfies Pick<Message, 'body' | 'atSeconds' | 'endSeconds'>, 300)
const around = { startSeconds: 90, endSeconds: 150, isSpan: false }

const pointing = [
  'What happens here?',
  'What does this part mean for the boat?',
  'Who is on the boat right now?',
  'What did the captain just say, just now?',
  'Was sagt der Kapitän gerade?',
  'Was passiert hier mit dem Boot?',
  'Worum geht es an dieser Stelle mit dem Boot?',
  'Que se passe-t-il ici avec le bateau ?',
  '¿Qué pasa aquí con el barco?',
  'What do they mean?',
]
for (const question of pointing)
  test(`“${question}” means the place where the film stood`, () => assert.deepEqual(asking(question, 120), around))

test('other words mean the whole film; a span is always meant; without a second there is no place', () => {
  assert.equal(asking('When did the boats leave?', 120), null)
  assert.equal(asking('There is a captain: who?', 120), null)
  assert.deepEqual(asking('Which boats?', 60, 130), { startSeconds: 60, endSeconds: 130, isSpan: true })
  assert.equal(asking('What happens here?', null), null)
  assert.equal(asking('What happens here?', 10)?.startSeconds, 0)
})

test('a time that is written into the question is its place, rather than where the film stood', () => {
  for (const question of ['What happens at 2:00?', 'Who is on the boat at 0:02:00?', 'What is that? [2:00]'])
    for (const atSeconds of [null, 10]) assert.deepEqual(asking(question, atSeconds), around, question)
  assert.deepEqual(asking('Which boats are at 2:00?', 60, 130), { startSeconds: 60, endSeconds: 130, isSpan: true })
  assert.equal(asking('Which boats are at 2:00, and at 3:00?', null), null)
  assert.equal(asking('Which boats leave at 14:30?', null), null, 'the film has no such time')
  assert.equal(asking('A ratio of 1:99 of the boats?', null), null)
})

test('a span that ends before it begins is refused at the door', () => {
  const videoId = '0190aaaa-0000-7000-8000-000000000001'
  const question = { videoId, clientId: 'q', question: 'What?' }
  assert.equal(AskQuestion.safeParse({ ...question, atSeconds: 5, endSeconds: 4 }).success, false)
  assert.equal(AskQuestion.safeParse({ ...question, endSeconds: 4 }).success, false)
  assert.equal(AskQuestion.safeParse({ ...question, atSeconds: 5, endSeconds: 6 }).success, true)
})

async function ask(question: string, place: { atSeconds?: number; endSeconds?: number }, baseUrl?: string) {
  await using room = openChat(database, { segments, ...(baseUrl ? { baseUrl } : {}) })
  const videoId = await room.createVideo()
  await room.chat.live['question.ask']({ videoId, clientId: 'q', question, ...place }, member('Ada', videoId))
  const { message } = await until('its answer', () => room.noticed('answer.done')[0])
  return { ...message, cited: message.citations.map(({ segmentIndexes }) => segmentIndexes[0]) }
}

test('without a model: “here” quotes what is said there, whatever else the film says', async () => {
  const { cited, body } = await ask('What happens here?', { atSeconds: 122 })
  assert.deepEqual(cited, [2])
  assert.match(body, /I only quote, from the part at 1:32:/)
})

test('without a model: what is said at a time is quoted from there', async () => {
  assert.deepEqual((await ask('What happens at 2:02?', {})).cited, [2])
  assert.equal((await ask('What about the mast at 3:05?', { atSeconds: 125 })).cited[0], 3)
})

test('without a model: of places that say the same, the one that was pointed at is quoted first', async () => {
  assert.equal((await ask('What about the mast in this part?', { atSeconds: 185 })).cited[0], 3)
  assert.equal((await ask('What about the mast in this part?', { atSeconds: 125 })).cited[0], 2)
})

test('without a model: of a span nothing else is quoted, also when it does not say the word', async () => {
  assert.deepEqual((await ask('Who repairs the mast?', { atSeconds: 100, endSeconds: 130 })).cited, [2])
  assert.deepEqual((await ask('Where are the whales?', { atSeconds: 50, endSeconds: 70 })).cited, [1])
})

test('a span in which nothing is said is as if none was given', async () => {
  assert.equal((await ask('Who repairs the mast?', { atSeconds: 10, endSeconds: 50 })).cited[0], 3)
})

test('the model is told of the place and reads it first; of a span it reads nothing else', async () => {
  await using model = await startModelServer(() => ({ ending: 'end', deltas: ['So [1].'] }))
  await ask('What happens here with the boats?', { atSeconds: 122 }, model.baseUrl)
  await ask('What happens with the boats?', { atSeconds: 100, endSeconds: 190 }, model.baseUrl)
  await ask('What happens with the boats?', { atSeconds: 122 }, model.baseUrl)
  await ask('What happens to the boats at 2:02?', {}, model.baseUrl)
  const [near, span, whole, written] = model.requests.map(request => request.messages.at(-1)?.content ?? '')
  assert.match(near ?? '', /\n\nThe question is about the part from 1:32 to 2:32: .*\n\nQuestion: What happens here/)
  assert.match(near ?? '', /The storm breaks/)
  assert.match(span ?? '', /the part from 1:40 to 3:10:/)
  assert.match(span ?? '', /The storm breaks[\s\S]*They repair/)
  assert.doesNotMatch(span ?? '', /We begin|At last/)
  assert.doesNotMatch(whole ?? '', /is about the part/)
  assert.match(written ?? '', /the part from 1:32 to 2:32: .*\n\nQuestion: What happens to the boats at 2:02/)
})

test('over HTTP a question has a place too', async () => {
  await using room = openChat(database, { segments })
  await using server = await serveChat(room.chat)
  const videoId = await room.createVideo()
  const ask = (body: object) =>
    fetch(`${server.url}/api/videos/${videoId}/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'What is said?', ...body }),
    })
  const { message } = await (await ask({ atSeconds: 175, endSeconds: 190 })).json()
  assert.equal(message.citations[0].segmentIndexes[0], 3)
  assert.deepEqual([room.told(videoId)[0]?.atSeconds, room.told(videoId)[0]?.endSeconds], [175, 190])
  assert.equal((await ask({ atSeconds: 9, endSeconds: 2 })).status, 422)
})
