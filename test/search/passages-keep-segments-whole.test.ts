import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexedWords, makePassages, type Passage } from '../../server/search/passages.ts'
import { spoken } from './open-search.ts'

const words = (count: number, name = 'word') => Array.from({ length: count }, (_, at) => `${name}${at}`).join(' ')
const indexes = (passages: Passage[]) => passages.map(({ segments }) => segments.map(({ index }) => index))

test('passages have some 40 to 60 words, and each begins with the last segment of the one before', () => {
  const passages = makePassages(spoken(...Array.from({ length: 9 }, () => words(10))))
  assert.deepEqual(indexes(passages), [
    [0, 1, 2, 3],
    [3, 4, 5, 6],
    [6, 7, 8],
  ])
})

test('segments are never cut: their times and texts stand in the passage as they were', () => {
  const segments = spoken('It’s a start.', 'And, an END!')
  const [passage] = makePassages(segments)
  assert.deepEqual(
    passage?.segments,
    segments.map(({ words: _, ...segment }) => segment),
  )
  const { plain } = indexedWords(passage?.segments ?? [], { stemmer: 'english', speakers: new Map() })
  assert.equal(plain, ' its a start and an end ')
})

test('no passage goes across a pause of more than eight seconds', () => {
  assert.deepEqual(indexes(makePassages(spoken(words(5), 8, words(5)))), [[0, 1]])
  assert.deepEqual(indexes(makePassages(spoken(words(5), 8.1, words(5)))), [[0], [1]])
})

test('a segment that would fill the next passage is not repeated, and one that is too long stands alone', () => {
  assert.deepEqual(indexes(makePassages(spoken(words(35), words(30), words(10)))), [[0], [1, 2]])
  assert.deepEqual(indexes(makePassages(spoken(words(5), words(500), words(5)))), [[0], [1], [2]])
})

test('what has no words is passed over, and an empty transcript has no passages', () => {
  assert.deepEqual(indexes(makePassages(spoken('♪ ♪', 'one', '…', 'two'))), [[1, 3]])
  assert.deepEqual(makePassages([]), [])
})
