import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endsInLoop, withoutLoops } from '../../server/transcripts/engines/repetition.ts'
import { segmentsFromText, segmentsFromWords } from '../../server/transcripts/segments/build-segments.ts'
import { createTidier } from '../../server/transcripts/segments/tidy-segments.ts'
import type { Word } from '../../shared/index.ts'

/** Words of 0.3 s, one after the other; "|" is a pause of a second. */
function say(text: string): Word[] {
  let at = 0
  return text.split(' ').flatMap(word => {
    const startSeconds = at
    at += word === '|' ? 1 : 0.3
    return word === '|' ? [] : [{ word, startSeconds, endSeconds: startSeconds + 0.3 }]
  })
}
const textsOf = (words: Word[]) => segmentsFromWords(words).map(segment => segment.text)

test('segments end with the sentence and at a pause', () => {
  assert.deepEqual(textsOf(say('We met Dr. Smith. He was late | and tired!')), [
    'We met Dr. Smith.',
    'He was late',
    'and tired!',
  ])
})

test('a speaker who never stops is cut into pieces of at most 12 seconds and 40 words, at commas where there are any', () => {
  const words = say(Array.from({ length: 200 }, (_, at) => (at % 9 === 8 ? `w${at},` : `w${at}`)).join(' '))
  const segments = segmentsFromWords(words)
  for (const { startSeconds, endSeconds, words: own } of segments)
    assert.ok(endSeconds - startSeconds <= 12.001 && own.length <= 40)
  assert.equal(segments.map(segment => segment.text).join(' '), words.map(({ word }) => word).join(' '))
  assert.ok(segments.slice(0, -1).every(segment => segment.text.endsWith(',')))
})

test('words of a text without times share its time by their length, and say that they are estimated', () => {
  const [segment] = segmentsFromText({ text: 'to launch it', startSeconds: 10, endSeconds: 20 })
  assert.deepEqual(segment?.words, [
    { word: 'to', startSeconds: 10, endSeconds: 12, estimated: true },
    { word: 'launch', startSeconds: 12, endSeconds: 18, estimated: true },
    { word: 'it', startSeconds: 18, endSeconds: 20, estimated: true },
  ])
})

test('Chinese and Japanese have words too, and no blanks are put between them', () => {
  const text = '我们一直坚信每个人都应该有机会获得高等教育。'
  const [segment] = segmentsFromText({ text, startSeconds: 0, endSeconds: 6 })
  assert.ok((segment?.words.length ?? 0) > 5)
  assert.equal(
    segmentsFromText({ text: text.repeat(4), startSeconds: 0, endSeconds: 40 })
      .map(each => each.text)
      .join(''),
    text.repeat(4),
  )
})

test('times never run backwards, never past the video, and every segment lasts', () => {
  const tidy = createTidier(10)
  const heard = [
    { startSeconds: -1, endSeconds: 2, text: 'a', words: [{ word: 'a', startSeconds: -1, endSeconds: 5 }] },
    { startSeconds: 4, endSeconds: 3, text: 'b', words: [] },
    { startSeconds: 2, endSeconds: Number.NaN, text: 'c', words: [] },
    {
      startSeconds: 9,
      endSeconds: 12,
      text: 'd e',
      words: [
        { word: 'd', startSeconds: 9, endSeconds: 11 },
        { word: 'e', startSeconds: 11, endSeconds: 12 },
      ],
    },
    { startSeconds: 11, endSeconds: 12, text: 'after the end', words: [] },
  ]
  const tidied = heard.map(tidy).filter(segment => segment !== null)
  assert.deepEqual(
    tidied.map(segment => segment.text),
    ['a', 'b', 'c', 'd e'],
  )
  for (const [at, { startSeconds, endSeconds, words }] of tidied.entries()) {
    assert.ok(startSeconds >= (tidied[at - 1]?.startSeconds ?? 0) && startSeconds < endSeconds && endSeconds <= 10)
    for (const word of words)
      assert.ok(
        word.startSeconds >= startSeconds && word.startSeconds < word.endSeconds && word.endSeconds <= endSeconds,
      )
  }
})

test('text that the database or a reader could not bear is cleaned', () => {
  const tidied = createTidier(10)({ startSeconds: 0, endSeconds: 1, text: ' a\u0000b\ud800 \n c ', words: [] })
  assert.equal(tidied?.text, 'a b\ufffd c')
  assert.equal(createTidier(10)({ startSeconds: 0, endSeconds: 1, text: '\u0000 \n', words: [] }), null)
})

test('a phrase that goes round in circles is kept once, one that is said twice is kept twice', () => {
  const spoken = (text: string) => withoutLoops(text.split(' '), word => word).join(' ')
  assert.equal(spoken('so thank you thank you thank you thank you thank you bye'), 'so thank you bye')
  assert.equal(spoken('no no that is fine'), 'no no that is fine')
})

test('a decoder that goes round in circles is noticed before it has filled its window, honest repeats are not', () => {
  const spoken = (phrase: string, times: number) => ['so', ...Array<string[]>(times).fill(phrase.split(' ')).flat()]
  assert.equal(endsInLoop(spoken('thank you', 8)), true)
  assert.equal(endsInLoop(spoken('what we decided to do', 8)), true)
  assert.equal(endsInLoop(spoken('thank you', 5)), false)
  assert.equal(endsInLoop([...spoken('thank you', 8), 'bye']), false)
})
