import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { plainWords } from '../../server/search/plain-text.ts'
import type { VideoId } from '../../shared/index.ts'
import { openSearchAlone, spoken } from './open-search.ts'

const setting = await openSearchAlone()
after(() => setting[Symbol.asyncDispose]())

/** Each line stands alone. */
const film = (...lines: string[]) =>
  setting.addVideo(spoken(...lines.flatMap((line, at) => (at === 0 ? [line] : [10, line]))))
async function placesOf(videoId: VideoId, q: string) {
  const { hits, corrected } = await setting.search.inVideo(videoId, { q, limit: 10 })
  assert.equal(corrected, undefined, q)
  return hits.map(hit => hit.segments[0])
}

const english = await film(
  'These soft\u00adhyphens are in a zero\u200bwidth word.',
  'The h\u200da\u200dr\u200db\u200do\u200du\u200dr is closed.',
  'It is \u202bco\u00ad-\u00adoperative\u202c and re\u2060opened.',
  'A light\ufeffhouse, twenty\u00ad-\u00adseven of them.',
)
const persian = await film('من می‌خواهم بروم', 'خواهم دید', 'کتاب‌های او', 'نمیدانم چرا', 'خانه ها بزرگ')
const others = await film('क्‍षमा कीजिए', 'श्री‌मान् आए', 'ශ්‍රී ලංකාව', 'Auf\u200clage und Schiff\u200cfahrt')
const unspacedFilm = await film('วันนี้\u200bอากาศ\u200bดี', 'ថ្ងៃ\u200bនេះ\u200bមេឃ\u200bស្រឡះ', '葛\u{e0100}城市の話')

/** Soft hyphen, zero-width space, joiners, no-break, directions and their ends, fillers, variation selectors. */
const unseen = [
  ...['\u00ad', '\u034f', '\u061c', '\u180e', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u202a', '\u202e'],
  ...['\u2060', '\u2063', '\u2066', '\u2069', '\u3164', '\ufe0f', '\ufeff', '\u{e0100}', '\u200b\u200d\u200c'],
]

test('what nobody sees is no part of a word, wherever in it', () => {
  for (const sign of unseen) {
    const text = `${sign}H${sign}arb${sign}our${sign} re-${sign}enter${sign}ed`
    assert.deepEqual(plainWords(text), ['harbour', 're', 'entered'], JSON.stringify(sign))
  }
})

test('words with something unseen within are found, and find others, like any', async () => {
  for (const q of ['softhyphens', 'soft hyphens', 'zerowidth', 'soft\u200bhyphens', 'zero\u00adwidth'])
    assert.deepEqual(await placesOf(english, q), [0], q)
  for (const q of [
    'harbour',
    'harbor',
    'harb',
    'harb\u200b',
    '"harbour"',
    '"har\u00adbour is"',
    [...'harbour'].join('\u200d'),
  ])
    assert.deepEqual(await placesOf(english, q), [1], q)
  for (const q of ['cooperative', 'co-operative', 'co\u200b-operative', '\u202ereopened\u202c'])
    assert.deepEqual(await placesOf(english, q), [2], q)
  for (const q of ['lighthouse', '27', 'twenty-seven', 'twenty\u00adseven lighthouses'])
    assert.deepEqual(await placesOf(english, q), [3], q)
})

test('a slip is corrected with something unseen within, too', async () => {
  const { hits, corrected } = await setting.search.inVideo(english, { q: 'the light\u00adhuose', limit: 5 })
  assert.deepEqual([hits[0]?.segments, corrected?.to], [[3], 'the lighthouse'])
})

test('what a non-joiner parts in Persian is found as one word, as two, and with a space', async () => {
  for (const q of ['می‌خواهم', 'میخواهم', 'می خواهم', 'می\u200c\u200cخواهم'])
    assert.equal((await placesOf(persian, q))[0], 0, JSON.stringify(q))
  assert.deepEqual(await placesOf(persian, 'میخواهم'), [0])
  for (const q of ['کتاب', 'کتاب‌های', 'کتابهای', 'کتاب های']) assert.deepEqual(await placesOf(persian, q), [2], q)
  for (const q of ['نمی‌دانم', 'نمیدانم']) assert.deepEqual(await placesOf(persian, q), [3], q)
  for (const q of ['خانه‌ها', 'خانه ها']) assert.deepEqual(await placesOf(persian, q), [4], q)
})

test('in other scripts the joiners only shape a word', async () => {
  for (const q of ['क्षमा', 'क्‍षमा', 'क्‌षमा']) assert.deepEqual(await placesOf(others, q), [0], JSON.stringify(q))
  for (const q of ['श्रीमान्', 'श्री‌मान्']) assert.deepEqual(await placesOf(others, q), [1], JSON.stringify(q))
  for (const q of ['ශ්රී', 'ශ්‍රී']) assert.deepEqual(await placesOf(others, q), [2], JSON.stringify(q))
  for (const q of ['Auflage', 'Schifffahrt']) assert.deepEqual(await placesOf(others, q), [3], q)
})

test('where words have no spaces, a zero-width space parts them, and changes nothing', async () => {
  for (const q of ['อากาศ', 'อากาศดี', 'วันนี้\u200bอากาศ', 'อา\u2060กาศ'])
    assert.deepEqual(await placesOf(unspacedFilm, q), [0], JSON.stringify(q))
  for (const q of ['មេឃ', 'នេះមេឃ', 'នេះ\u200bមេឃ']) assert.deepEqual(await placesOf(unspacedFilm, q), [1], q)
  assert.deepEqual(await placesOf(unspacedFilm, '葛城市'), [2])
})
