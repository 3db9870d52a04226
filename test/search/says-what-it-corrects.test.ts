import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createWordLists } from '../../server/search/word-lists.ts'
import { openSearchAlone, spoken } from './open-search.ts'

const setting = await openSearchAlone()
after(() => setting[Symbol.asyncDispose]())
const { search } = setting
const boats = await setting.addVideo(
  spoken('We sold the boats to the visitors.', 10, 'The present was lost.', 10, 'Let us animate the weeks.'),
)
const weeks = await setting.addVideo(
  spoken('Und in zwei Wochen sind wir nicht mehr da, das ist der Plan.', 10, 'Der Reis ist fertig.'),
)
await setting.addVideo(spoken('A vigneron grows wine.'))
const find = (q: string, correct?: '0') => search.inVideo(boats, { q, limit: 5, correct })

test('a slip is forgiven, and what was searched for instead is said', async () => {
  const { hits, corrected, weak } = await find('visitrs')
  assert.deepEqual(hits[0]?.segments, [0])
  assert.deepEqual([corrected, weak], [{ from: 'visitrs', to: 'visitors' }, false])
  assert.deepEqual((await find('The Bots we sold, viistors!')).corrected, {
    from: 'The Bots we sold, viistors!',
    to: 'The Bots we sold, visitors!',
  })
})

test('who wants the word as it was typed gets it', async () => {
  assert.deepEqual(await find('visitrs', '0'), { mode: 'lexical', hits: [], weak: true })
})

test('what stands in quotes is never corrected', async () => {
  assert.deepEqual(await find('"visitrs"'), { mode: 'lexical', hits: [], weak: true })
  assert.equal((await find('“visitrs” boats')).corrected, undefined)
})

test('a word of the language is no slip, though nobody says it', async () => {
  for (const q of ['president', 'cost', 'climate', 'boots', 'week']) {
    assert.equal((await find(q)).corrected, undefined, q)
  }
  for (const q of ['kochen', 'wachen', 'pochen']) {
    assert.deepEqual(await search.inVideo(weeks, { q, limit: 5 }), { mode: 'lexical', hits: [], weak: true }, q)
  }
})

test('a word that another film says is no slip', async () => {
  assert.equal((await find('vigneron')).corrected, undefined)
})

test('a word that is like none simply does not count', async () => {
  const { hits, corrected } = await find('boats xqzwv')
  assert.deepEqual([hits[0]?.segments, corrected], [[0], undefined])
})

test('the word lists know the words of four languages, and nothing else', async () => {
  const lists = createWordLists()
  const languages = ['german', 'french', 'spanish']
  for (const word of ['harbour', 'gekocht', 'strasse', 'ecole', 'mangeait', 'corazon', 'organisation']) {
    assert.equal(await lists.knows(word, languages), true, word)
  }
  for (const word of ['visitrs', 'ocotber', 'zzyx', '']) assert.equal(await lists.knows(word, languages), false, word)
  assert.equal(await lists.knows('gekocht', ['english']), false)
})
