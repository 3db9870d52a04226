import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainWords } from '../../server/search/plain-text.ts'
import { readQuery } from '../../server/search/query.ts'
import { closestWords, editDistance, mayBeTypo } from '../../server/search/typos.ts'

test('case, accents, apostrophes, marks and spaces make no difference', () => {
  const same = ['Don’t stop at the Café!', "DON'T  stop—at the\ncafe", '“dont” stop, at (the) Cafe\u0301']
  for (const text of same) assert.deepEqual(plainWords(text), ['dont', 'stop', 'at', 'the', 'cafe'])
})

test('nothing but letters, digits and their marks gets through', () => {
  const operators = "a'b & c | !d :* <-> (e) \\ % _ \0 ; -- $1 \u{1f3ac}\ufe0f 7\u20e3 \ud800"
  assert.deepEqual(plainWords(operators), ['ab', 'c', 'd', 'e', '1', '7\u20e3'])
  assert.deepEqual(plainWords('\u{1f3ac} ?!\ufe0f \0'), [])
})

const queryTerms = (text: string) => readQuery(text).terms.map(term => term.text)

test('scripts without spaces are words of one character each, and terms of a dictionary', () => {
  assert.deepEqual(plainWords('天気です。'), ['天', '気', 'で', 'す'])
  assert.deepEqual(queryTerms('今天天气'), ['今 天', '天 气'])
  assert.deepEqual(plainWords('한국어 हिन्दी Grüße'), ['한국어', 'हिन्दी', 'grusse'])
})

test('a term is looked for once', () => {
  assert.deepEqual(queryTerms('The launch, the LAUNCH!'), ['the', 'launch'])
})

test('a letter more, less, changed or swapped is one letter away', () => {
  const away = ['launch', 'lanuch', 'laumch', 'launh', 'launcch', 'lnuach'].map(word => editDistance(word, 'launch'))
  assert.deepEqual(away, [0, 1, 1, 1, 1, 2])
})

test('the nearest word is meant, and only a near one', () => {
  const said = ['lunch', 'launch', 'product']
  assert.equal(closestWords('lanuch', said)[0], 'launch')
  assert.equal(closestWords('prodcut', said)[0], 'product')
  assert.deepEqual(closestWords('lamp', said), [])
  assert.deepEqual(closestWords('quaggafrumpet', said), [])
})

test('short words, numbers and endless ones are no typos', () => {
  assert.deepEqual(['teh', '2024', 'mp3s', '天 气', 'x'.repeat(41), 'lanuch'].map(mayBeTypo), [
    false,
    false,
    false,
    false,
    false,
    true,
  ])
})
