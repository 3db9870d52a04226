// tier: postgres
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { VideoId } from '../../shared/index.ts'
import { openSearchAlone, spoken } from './open-search.ts'

const setting = await openSearchAlone()
after(() => setting[Symbol.asyncDispose]())

/** Each line stands alone. */
const film = (...lines: string[]) =>
  setting.addVideo(spoken(...lines.flatMap((line, at) => (at === 0 ? [line] : [10, line]))))
const placesOf = async (videoId: VideoId, q: string) => {
  const { hits, corrected } = await setting.search.inVideo(videoId, { q, limit: 10 })
  assert.equal(corrected, undefined, q)
  return hits.map(hit => hit.segments[0])
}

const japanese = await film(
  '京都駅でWi-Fiが使えます。',
  '会議は2031年3月に始まる。',
  'USBケーブルとAPIの話です。',
  'あのコートは青い。',
)
const chinese = await film('我们用Python写了42个程序。', '他在GitHub上看代码。')
const korean = await film('부산에서 기차를 탔습니다.', '학교가 멀어요.', '담배는 안 됩니다.')
const semitic = await film('مُعَلِّم يَكْتُب', 'قرأت الكتاب في البيت', 'סֵפֶר חָדָשׁ', 'رأيت أمل')
const european = await film(
  'Die Größe des Fußballplatzes ist egal.',
  'Le cœur de l’hôpital bat.',
  'Bjørn fährt nach Århus.',
  'Ağaçlar altında ışıklar.',
  'Мой йогурт ещё тёплый.',
)

test('Latin letters and digits beside Han or Kana are words', async () => {
  assert.deepEqual(await placesOf(japanese, 'USB'), [2])
  assert.deepEqual(await placesOf(japanese, '2031'), [1])
  assert.deepEqual(await placesOf(japanese, '2031年3月'), [1])
  assert.deepEqual(await placesOf(japanese, 'APIの話'), [2])
  assert.deepEqual(await placesOf(chinese, 'github'), [1])
  assert.deepEqual(await placesOf(chinese, '42'), [0])
})

test('one of their letters alone is not found in them', async () => {
  for (const q of ['A', 'U', '1', 'P']) assert.deepEqual(await placesOf(japanese, q), [], q)
  assert.deepEqual(await placesOf(chinese, '2'), [])
})

test('Latin letters and digits beside Hangul are words, and what hangs on them makes no difference', async () => {
  const id = await film(
    '우리 회사는 AI를 사용합니다.',
    '2024년에 시작했다',
    'YouTube에서 영상을',
    'GPT-4로 만들었다',
    '100km를 달렸다',
    '삼성Galaxy폰',
  )
  for (const q of ['AI', 'AI는', 'AI 회사', 'ai를']) assert.deepEqual((await placesOf(id, q))[0], 0, q)
  for (const q of ['2024', '2024년', '2024 시작', '2024년에']) assert.deepEqual((await placesOf(id, q))[0], 1, q)
  for (const q of ['YouTube', 'YouTube 영상', '유 YouTube가']) assert.deepEqual((await placesOf(id, q))[0], 2, q)
  for (const q of ['GPT-4', 'GPT4', 'GPT-4는']) assert.deepEqual((await placesOf(id, q))[0], 3, q)
  assert.deepEqual(await placesOf(id, '100km'), [4])
  for (const q of ['galaxy', '삼성', 'Galaxy폰']) assert.deepEqual(await placesOf(id, q), [5], q)
  for (const q of ['A', '20', 'Tube']) assert.deepEqual(await placesOf(id, q), [], q)
})

test('a Korean noun of one syllable is found whatever particle it has', async () => {
  const id = await film('책이 많아요', '물을 마셔요', '가을에 만나요', '책상 위에 있다')
  for (const q of ['책을', '책은', '책이']) assert.deepEqual(await placesOf(id, q), [0], q)
  for (const q of ['물이', '물은']) assert.deepEqual(await placesOf(id, q), [1], q)
  assert.deepEqual(await placesOf(id, '가을'), [2])
})

test('a Korean noun is found whatever particle it has, and not within another word', async () => {
  for (const q of ['부산', '부산은', '부산에서', '기차']) assert.deepEqual(await placesOf(korean, q), [0], q)
  assert.deepEqual(await placesOf(korean, '학교'), [1])
  assert.deepEqual(await placesOf(korean, '배'), [])
})

test('vowel marks, hamzas and the article of Arabic make no difference, nor do the points of Hebrew', async () => {
  assert.deepEqual(await placesOf(semitic, 'معلم'), [0])
  assert.deepEqual(await placesOf(semitic, 'كتاب'), [1])
  assert.deepEqual(await placesOf(semitic, 'بيت'), [1])
  assert.deepEqual(await placesOf(semitic, 'امل'), [3])
  assert.deepEqual(await placesOf(semitic, 'ספר'), [2])
})

test('letters that have no accent to lose are found as people type them', async () => {
  for (const q of ['Grösse', 'groesse', 'grosse', 'fussballplatzes'])
    assert.deepEqual(await placesOf(european, q), [0], q)
  for (const q of ['coeur', 'cœur', 'hopital', 'l’hopital']) assert.deepEqual(await placesOf(european, q), [1], q)
  for (const q of ['bjorn', 'bjoern', 'arhus', 'aarhus']) assert.deepEqual(await placesOf(european, q), [2], q)
  for (const q of ['isiklar', 'IŞIKLAR', 'agaclar']) assert.deepEqual(await placesOf(european, q), [3], q)
  for (const q of ['еще', 'теплый', 'ЙОГУРТ']) assert.deepEqual(await placesOf(european, q), [4], q)
})

test('words are brought to their stems by the rules of the film’s language, which its words tell', async () => {
  const german = await film(
    'Und die Kinder haben mit den Häusern in der Stadt gespielt.',
    'Das ist nicht für die Regierungen, und wir sind auch nicht dabei.',
  )
  assert.deepEqual(await placesOf(german, 'Haus'), [0])
  assert.deepEqual(await placesOf(german, 'Regierung'), [1])
  const french = await film(
    'Nous avons mangé dans les jardins et il est tard.',
    'Les nationales sont pour vous, et que la fête commence.',
  )
  assert.deepEqual(await placesOf(french, 'jardin'), [0])
  assert.deepEqual(await placesOf(french, 'national'), [1])
})

test('a picture letter alone is found where it stands', async () => {
  const id = await film('I love it 🍿', 'and this 🎬 too', 'nothing here')
  assert.deepEqual([await placesOf(id, '🎬'), await placesOf(id, '🍿!'), await placesOf(id, '🦄')], [[1], [0], []])
})
