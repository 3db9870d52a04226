import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askModel } from './ask-model.ts'
import { spoken } from './captions.ts'
import { startModelServer } from './model-server.ts'

const segments = spoken('Welcome to the show.', 'The bridge opened in 1932.', 'It cost ten million.').map(
  (segment, index) => ({
    ...segment,
    // Far apart, so that each is an excerpt of its own.
    startSeconds: index * 60,
    endSeconds: index * 60 + 5,
  }),
)
const asked = { question: 'When did the bridge open?', segments }

test('the text streams with time codes in place of the numbers, wherever the deltas cut them', async () => {
  await using model = await startModelServer(() => ({
    ending: 'end',
    deltas: ['It opened', ' in 1932 [', '2', '], for ten', ' million [3', ']', '.'],
  }))
  const { text, parts, citations, engine } = await askModel(model.baseUrl, asked)
  assert.equal(text, 'It opened in 1932 [1:00], for ten million [2:00].')
  assert.ok(parts.length >= 4)
  assert.equal(engine, 'stand-in')
  assert.deepEqual(
    citations.map(({ text, startSeconds, endSeconds, segmentIndexes }) => ({
      text,
      startSeconds,
      endSeconds,
      segmentIndexes,
    })),
    [
      { text: 'The bridge opened in 1932.', startSeconds: 60, endSeconds: 65, segmentIndexes: [1] },
      { text: 'It cost ten million.', startSeconds: 120, endSeconds: 125, segmentIndexes: [2] },
    ],
  )
})

test('invented numbers are dropped, and a number cited twice is one citation', async () => {
  await using model = await startModelServer(() => ({ ending: 'end', deltas: ['Yes [2][7]. Really [0, 2, 99].'] }))
  const { text, citations } = await askModel(model.baseUrl, asked)
  assert.equal(text, 'Yes [1:00]. Really [1:00].')
  assert.equal(citations.length, 1)
})

test('what a model says that no database can hold is replaced', async () => {
  await using model = await startModelServer(() => ({ ending: 'end', deltas: ['a\0b', '\ud800', ' c'] }))
  assert.equal((await askModel(model.baseUrl, asked)).body, 'a\ufffdb\ufffd c')
})

test('an answer that cites nothing has no citations', async () => {
  await using model = await startModelServer(() => ({ ending: 'end', deltas: ['The video does not say.'] }))
  assert.deepEqual((await askModel(model.baseUrl, asked)).citations, [])
})

test('a long transcript is trimmed to the budget, best passages first, in the order of the film', async () => {
  await using model = await startModelServer(() => ({ ending: 'end', deltas: ['Fine.'] }))
  const long = spoken(
    ...Array.from({ length: 3000 }, (_, index) => `Sentence number ${index} about bridges and nothing else.`),
  )
  const passage = (from: number, score: number) => {
    const ofPassage = long.slice(from, from + 10)
    return {
      startSeconds: from * 5,
      endSeconds: from * 5 + 50,
      text: '',
      score,
      segments: ofPassage.map(segment => segment.index),
    }
  }
  const passages = [
    passage(2000, 1),
    passage(100, 0.9),
    ...Array.from({ length: 200 }, (_, n) => passage(300 + n * 8, 0.5)),
  ]
  await askModel(model.baseUrl, { question: 'Which bridges?', segments: long, passages })
  const prompt = model.requests[0]?.messages.at(-1)?.content ?? ''
  assert.ok(prompt.length < 24_000, `${prompt.length} characters`)
  assert.ok(prompt.indexOf('number 100 ') > 0 && prompt.indexOf('number 100 ') < prompt.indexOf('number 2000 '))
  assert.equal(prompt.match(/number 308 /g)?.length, 1)
})

test('a question about the whole film shows the model all of it, from beginning to end', async () => {
  await using model = await startModelServer(() => ({ ending: 'end', deltas: ['Bridges.'] }))
  const long = spoken(
    ...Array.from({ length: 3000 }, (_, index) => `Sentence number ${index} about bridges and nothing else.`),
  )
  await askModel(model.baseUrl, { question: 'What is this about?', segments: long })
  const numbers = [...(model.requests[0]?.messages.at(-1)?.content ?? '').matchAll(/number (\d+) /g)].map(match =>
    Number(match[1]),
  )
  assert.equal(numbers[0], 0)
  assert.ok((numbers.at(-1) ?? 0) > 2500)
})
