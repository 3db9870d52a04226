// tier: postgres
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { AppError } from '../../server/platform/errors.ts'
import { SearchResult, VideoId, videoStream } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { openSearch, spoken } from './open-search.ts'

const opened = await openTestDatabase()
after(() => opened[Symbol.asyncDispose]())
const { search, addVideo, videos, journal, index, database } = await openSearch(opened.database)
after(search.stop)

const meeting = spoken(
  'Good morning everyone, thanks for joining on such a rainy day.',
  'Let us look at the numbers of the third quarter first.',
  'Sales went up by eleven percent, mostly in Norway.',
  'Then there’s the new product: we decided to',
  'launch it in October, not in December.',
  'Marketing will prepare the campaign until the end of August.',
  'Nobody objected, so that is settled.',
  20,
  'Next point: the office move.',
  'The new building has a roof terrace and a bicycle garage.',
  'Parking remains difficult, as always.',
)
const meetingId = await addVideo(meeting)
const speechId = await addVideo(
  spoken(
    'Guten Abend, meine Damen und Herren.',
    'Heute sprechen wir über die Wälder und ihre Geschichte.',
    'Die ältesten Eichen stehen seit tausend Jahren in dieser Gegend.',
  ),
)
const weatherId = await addVideo(spoken('大家好，欢迎收看节目。', '今天天气很好，我们去公园散步。', '明天可能会下雨。'))

async function find(q: string, videoId = meetingId, limit = 10) {
  const result = await search.inVideo(videoId, { q, limit })
  return SearchResult.parse(result)
}
const segmentsOf = async (q: string, videoId = meetingId) => (await find(q, videoId)).hits.map(hit => hit.segments)
const firstOf = async (q: string, videoId = meetingId) => (await segmentsOf(q, videoId))[0]

test('a word is found in its segment, with the segment’s times and text', async () => {
  const { mode, hits } = await find('Norway')
  assert.equal(mode, 'lexical')
  assert.equal(hits.length, 1)
  const { startSeconds, endSeconds, text, segments, videoId, score } = hits[0] ?? assert.fail()
  assert.deepEqual([startSeconds, endSeconds, segments, videoId], [8, 12, [2], meetingId])
  assert.equal(text, 'Sales went up by eleven percent, mostly in Norway.')
  assert.ok(score > 0 && score <= 1)
})

test('a phrase is found across segments, from the one in which it begins', async () => {
  const { hits } = await find('we decided to launch it in october')
  assert.deepEqual([hits[0]?.segments, hits[0]?.startSeconds, hits[0]?.endSeconds], [[3, 4], 12, 20])
})

test('case, apostrophes, punctuation and spaces of a phrase make no difference', async () => {
  for (const q of ['THERES  the new product', 'there`s, the "new" product!', 'there’s the New-Product']) {
    assert.deepEqual(await firstOf(q), [3], q)
  }
})

test('who says it word for word comes before who says the words', async () => {
  const id = await addVideo(
    spoken(
      'the roof of the garden house',
      10,
      'the garden roof and the house on it',
      10,
      'a house, a garden roof terrace',
    ),
  )
  const { hits } = await find('garden roof terrace', id)
  assert.deepEqual(hits[0]?.segments, [2])
  assert.deepEqual((await find('roof of the garden', id)).hits[0]?.segments, [0])
  assert.ok((hits[0]?.score ?? 0) >= 0.9 && (hits[1]?.score ?? 1) < 0.9)
})

test('every segment that says it is a hit of its own, once', async () => {
  const lines = Array.from({ length: 30 }, (_, at) => (at % 5 === 0 ? 'the lighthouse again' : `some other line ${at}`))
  const id = await addVideo(spoken(...lines))
  const found = (await segmentsOf('lighthouse', id)).flat()
  assert.deepEqual(
    found.toSorted((a, b) => a - b),
    [0, 5, 10, 15, 20, 25],
  )
})

test('other forms of an English word are found', async () => {
  assert.deepEqual(await firstOf('deciding'), [3])
  assert.deepEqual(await firstOf('campaigns'), [5])
  assert.deepEqual(await firstOf('prepared the campaign'), [5])
})

test('words in any order, with more words around them, are found together', async () => {
  assert.deepEqual(await firstOf('October launch'), [4])
  assert.deepEqual(await firstOf('when is the October launch'), [4])
  assert.deepEqual(await firstOf('garage with a terrace'), [8])
})

test('a word that is still being typed is found', async () => {
  assert.deepEqual(await firstOf('terra'), [8])
  assert.deepEqual(await firstOf('bicycle gar'), [8])
})

test('a typing error is forgiven', async () => {
  for (const [typed, segments] of Object.entries({
    Ocotber: [4],
    'marketting campain': [5],
    Norwey: [2],
    bycicle: [8],
  })) {
    assert.deepEqual(await firstOf(typed), segments, typed)
  }
})

test('nonsense finds nothing, and neither does what has no words', async () => {
  for (const q of ['xylophonic quaggafrumpet zzyx', 'zzyx', '???', '\u{1f984}\u{1f984}', '\0', '%', '_', "'", '2024']) {
    assert.deepEqual(await segmentsOf(q), [], q)
    assert.deepEqual(await search.inLibrary({ q, limit: 10 }), { mode: 'lexical', hits: [], weak: true }, q)
  }
})

test('a hostile query is only words', async () => {
  const hostile = [
    "Norway' or 1=1 --",
    'Norway & | ! :* <-> (',
    '"Norway',
    '\\Norway%_',
    'Norway\0',
    'Norway \ud800',
    "Norway'); drop",
  ]
  for (const q of hostile) assert.deepEqual(await firstOf(q), [2], q)
  for (const q of [
    'x'.repeat(500),
    'Norway '.repeat(70),
    'a b c d '.repeat(62),
    '天'.repeat(500),
    "' | ".repeat(120),
  ]) {
    assert.equal((await find(q)).mode, 'lexical')
  }
})

test('words of other languages are found, with and without their accents', async () => {
  assert.deepEqual(await firstOf('Wälder', speechId), [1])
  assert.deepEqual(await firstOf('walder', speechId), [1])
  assert.deepEqual(await firstOf('ÄLTESTEN eichen', speechId), [2])
  assert.deepEqual(await firstOf('Eichn', speechId), [2])
})

test('scripts without spaces are found by any part of a sentence', async () => {
  assert.deepEqual(await firstOf('天气', weatherId), [1])
  assert.deepEqual(await firstOf('公园散步', weatherId), [1])
  assert.deepEqual(await firstOf('明天下雨', weatherId), [2])
  assert.deepEqual(await segmentsOf('电影', weatherId), [])
})

test('function words alone are found as a phrase', async () => {
  assert.deepEqual(await firstOf('so that is'), [6])
})

test('the library is searched across videos, and says which', async () => {
  const { hits } = await search.inLibrary({ q: 'Eichen', limit: 10 })
  assert.deepEqual(
    hits.map(hit => [hit.videoId, hit.segments]),
    [[speechId, [2]]],
  )
})

test('no more hits than were asked for', async () => {
  assert.equal((await find('the', meetingId, 2)).hits.length, 2)
})

test('a question finds whole passages that say any of its words', async () => {
  const signal = new AbortController().signal
  const hits = await search.retrieve(meetingId, 'So what did they decide about launching anything?', {
    limit: 3,
    signal,
  })
  assert.ok(hits[0]?.segments.includes(3) && hits[0].segments.length > 1)
  assert.deepEqual(await search.retrieve(meetingId, 'Who is it?', { limit: 3, signal }), [])
})

test('a question that was given up rejects with the reason', async () => {
  const reason = new Error('nobody waits')
  const given = search.retrieve(meetingId, 'launch', { limit: 3, signal: AbortSignal.abort(reason) })
  await assert.rejects(given, reason)
})

test('a video that is not there is not found, one without hits is', async () => {
  const unknown = VideoId.parse(uuidv7())
  const refused = search.inVideo(unknown, { q: 'anything', limit: 5 })
  await assert.rejects(refused, fault => fault instanceof AppError && fault.code === 'video.not_found')
})

test('the index is told of in the room’s log, and made once', async () => {
  const told = (await journal.since(videoStream(meetingId), 0, 100)).filter(event => event.type === 'search.ready')
  assert.deepEqual(
    told.map(event => event.payload),
    [{ passageCount: 3, embedder: null }],
  )
  await index(meetingId)
  assert.equal((await find('Norway')).hits.length, 1)
  assert.equal((await videos.get(meetingId)).progress.stages.find(stage => stage.name === 'search')?.state, 'done')
})

test('a video without a transcript is skipped, and says why', async () => {
  const id = await addVideo(null)
  const told = (await journal.since(videoStream(id), 0, 100)).flatMap(event =>
    event.type === 'video.stage_changed' ? [event.payload] : [],
  )
  assert.deepEqual(told.at(-1), { stage: 'search', state: 'skipped', reason: 'There is no transcript to search in.' })
})

test('a deleted video is found no more', async () => {
  const id = await addVideo(spoken('the unrepeatable kingfisher'))
  const everywhere = async () => (await search.inLibrary({ q: 'kingfisher', limit: 5 })).hits.length
  assert.equal(await everywhere(), 1)
  await videos.remove(id)
  assert.equal(await everywhere(), 0)
  assert.equal((await database.db.execute(sql`select 1 from passages where video_id = ${id}`)).length, 0)
})
