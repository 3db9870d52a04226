// tier: postgres
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { VideoId } from '../../shared/index.ts'
import { openSearchAlone, spoken } from './open-search.ts'

const setting = await openSearchAlone()
after(() => setting[Symbol.asyncDispose]())
const { search } = setting

/** Each line stands alone. */
const film = (...lines: string[]) =>
  setting.addVideo(spoken(...lines.flatMap((line, at) => (at === 0 ? [line] : [10, line]))))
const english = await film(
  'There were eleven ships and sixteen boats in the harbour.',
  'We had zero complaints, and 30 visitors at 8.',
  'That is a hundred, and this is 1000.',
  'There were six of them, and it was ten cents.',
)
const german = await film('Das sind elf Schiffe, und wir haben null Fehler.', 'Die 16 Boote sind nicht für uns da.')
const french = await film('Il y a seize bateaux dans le port.', 'Nous avons vu trente navires, et les 11 autres.')
const spanish = await film('Los once barcos son para la gente que no es de aquí.')

type Found = [videoId: VideoId, segment: number | undefined]
const found = async (q: string): Promise<Found[]> => {
  const { hits } = await search.inLibrary({ q, limit: 10 })
  return hits.map((hit): Found => [hit.videoId, hit.segments[0]]).sort((a, b) => (a[0] < b[0] ? -1 : 1))
}

test('a number word of another language is no number where a film does not speak that', async () => {
  for (const q of [
    'elf',
    'seize',
    'null',
    'onze',
    'once',
    'acht',
    'huit',
    'ocho',
    'trente',
    'mil',
    'mille',
    'zwanzig',
  ]) {
    assert.deepEqual((await search.inVideo(english, { q, limit: 5 })).hits, [], q)
    const signal = new AbortController().signal
    assert.deepEqual(await search.retrieve(english, q, { limit: 5, signal }), [], q)
  }
  for (const q of ['sixteen', 'seize', 'once'])
    assert.deepEqual((await search.inVideo(german, { q, limit: 5 })).hits, [], q)
  assert.deepEqual((await search.inVideo(french, { q: 'elf', limit: 5 })).hits, [])
})

test('in a language that is spoken there it is', async () => {
  const first = async (id: VideoId, q: string) => (await search.inVideo(id, { q, limit: 5 })).hits[0]?.segments[0]
  assert.deepEqual(
    [await first(english, 'eleven'), await first(english, '11'), await first(english, 'thirty')],
    [0, 0, 1],
  )
  assert.deepEqual([await first(german, 'elf'), await first(german, '11'), await first(german, 'sechzehn')], [0, 0, 1])
  assert.deepEqual([await first(french, '16'), await first(french, 'onze'), await first(french, '30')], [0, 1, 1])
  assert.deepEqual([await first(spanish, '11'), await first(spanish, 'once')], [0, 0])
})

test('words that are one number in another language stay two', async () => {
  const { hits } = await search.inVideo(english, { q: 'six cents', limit: 5 })
  assert.deepEqual(hits[0]?.segments, [3])
})

test('in the library it is one in the films of its language only', async () => {
  assert.deepEqual(await found('elf'), [[german, 0]])
  assert.deepEqual(await found('seize'), [[french, 0]])
  assert.deepEqual(await found('onze'), [[french, 1]])
  assert.deepEqual(await found('once'), [[spanish, 0]])
  assert.deepEqual(await found('null'), [[german, 0]])
  assert.deepEqual(await found('sechzehn'), [[german, 1]])
  const eleven: Found[] = [
    [english, 0],
    [german, 0],
    [french, 1],
    [spanish, 0],
  ]
  assert.deepEqual(await found('11'), eleven)
})
