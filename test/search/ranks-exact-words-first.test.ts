import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SayingPassage } from '../../server/search/find-words.ts'
import type { FoundPassage } from '../../server/search/queries.ts'
import { readQuery } from '../../server/search/query.ts'
import { type FoundLists, rankHits } from '../../server/search/ranking.ts'
import type { VideoId } from '../../shared/index.ts'

/** A passage of the segments from `first` on, four seconds each. */
function passage(id: string, first: number, ...texts: string[]): FoundPassage {
  const segments = texts.map((text, at) => {
    const index = first + at
    return { index, startSeconds: index * 4, endSeconds: index * 4 + 4, text }
  })
  return { id, videoId: 'video' as VideoId, place: first, segments, stemmer: 'english' }
}
const saying = (found: FoundPassage, score: number, ...says: string[]): SayingPassage => ({
  ...found,
  score,
  says: says.flatMap(word => readQuery(word).terms),
})

function rank(q: string, lists: Partial<FoundLists>, narrow = true) {
  return rankHits({ phrase: [], words: [], near: [], ...lists }, { query: readQuery(q), limit: 10, narrow })
}
const placesOf = (hits: ReturnType<typeof rank>) => hits.map(hit => hit.segments)

const launch = passage('a', 0, 'We will decide to', 'launch it', 'in October.')
const office = passage('b', 2, 'in October.', 'The office moves', 'and we launch rockets.')
const garden = passage('c', 9, 'A garden.')

test('the phrase comes first, however well others fit, and its score says so', () => {
  const words = [saying(garden, 1), saying(office, 1, 'launch'), saying(launch, 1, 'launch')]
  const hits = rank('launch it in', { phrase: [launch], words, near: [garden, office, launch] })
  assert.deepEqual(placesOf(hits), [[1, 2], [9], [4]])
  const [first, second] = hits.map(hit => hit.score)
  assert.ok((first ?? 0) > 0.9 && (first ?? 2) <= 1 && (second ?? 1) <= 0.9)
})

test('a phrase that both overlapping passages say is one hit', () => {
  const hits = rank('in October', { phrase: [launch, office], words: [saying(launch, 1), saying(office, 1)] })
  assert.deepEqual(placesOf(hits), [[2]])
})

test('what two ways of searching find comes before what one finds', () => {
  const hits = rank('launch', { words: [saying(garden, 1), saying(launch, 1, 'launch')], near: [office, launch] })
  assert.deepEqual(placesOf(hits)[0], [1])
})

test('who says half of the query comes after who means it', () => {
  const hits = rank('launch rockets', { words: [saying(launch, 0.5, 'launch')], near: [garden] })
  assert.deepEqual(placesOf(hits), [[9], [1]])
})

test('a hit is the shortest run of segments that says the words', () => {
  const hits = rank('october moving', { words: [saying(office, 1, 'october', 'moving')] })
  assert.deepEqual(hits, [
    {
      ...{ videoId: 'video', startSeconds: 8, endSeconds: 16, text: 'in October. The office moves', score: 0.9 },
      segments: [2, 3],
    },
  ])
})

test('what only means the same is shown whole, and so is everything to one who wants to read more', () => {
  assert.deepEqual(placesOf(rank('rockets', { near: [office] })), [[2, 3, 4]])
  assert.deepEqual(placesOf(rank('rockets', { words: [saying(office, 1, 'rockets')] }, false)), [[2, 3, 4]])
})

test('nothing found is no hit', () => {
  assert.deepEqual(rank('anything', {}), [])
})
