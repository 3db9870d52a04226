import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes, type NotesFormat } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { readCsv, readEdl, readFcpxml } from './reread.ts'

const key = 'a key that is long enough'
let app: TestApp
let videoId: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', RUSHES_API_KEY: key } })
  const film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
  videoId = (await app.rushes.videos.upload(film, { title: 'Dailies, "day 1"' })).id
  await app.rushes.videos.untilReady(videoId)
  const enter = (name: string) => createRushes({ url: app.url, token: key, name }).rooms.join(videoId)
  const [ada, ben] = [await enter('Ada'), await enter('Ben')]
  const comment = await ada.send({ body: '=1+1 <b>"here"</b>', atSeconds: 1 })
  await ben.send({ body: 'agreed', replyTo: comment.id })
  await ada.send({ body: 'without a place' })
  await ben.send({ body: 'the beginning', atSeconds: 0 })
  await ben.send({ body: 'all of this', atSeconds: 1, endSeconds: 2 })
  ada.leave()
  ben.leave()
})
after(() => app[Symbol.asyncDispose]())

const addresses = (format: NotesFormat, start?: string) => app.rushes.videos.notesUrl(videoId, format, { start })

test('comments with a place come as a table, and those without one do not', async () => {
  const response = await fetch(await addresses('csv'))
  assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8')
  assert.match(
    response.headers.get('content-disposition') ?? '',
    /^attachment; filename="Dailies, _day 1_ - notes\.csv"/,
  )
  const bytes = Buffer.from(await response.arrayBuffer())
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
  const rows = readCsv(bytes.toString('utf8'))
  assert.deepEqual(
    rows.map(row => [row.author, row.text, row.replies, row['start time code']]),
    [
      ['Ben', 'the beginning', '', '00:00:00:00'],
      ['Ada', `'=1+1 <b>"here"</b>`, 'Ben: agreed', '00:00:01:00'],
      ['Ben', 'all of this', '', '00:00:01:00'],
    ],
  )
  // The client's text is without the mark, as every text that was fetched.
  assert.match(await app.rushes.videos.notes(videoId, 'csv'), /^number,start seconds,/)
})

test('as markers for editors, on the timeline that they say', async () => {
  const edl = readEdl(await app.rushes.videos.notes(videoId, 'edl', { start: '01:00:00:00' }))
  assert.deepEqual(
    edl.events.map(event => [event.start, event.end]),
    [
      ['01:00:00:00', '01:00:00:01'],
      ['01:00:01:00', '01:00:01:01'],
      ['01:00:01:00', '01:00:02:00'],
    ],
  )
  const xml = readFcpxml(await (await fetch(await addresses('fcpxml', '01:00:00:00'))).text())
  assert.equal(xml.markers[1]?.note, '=1+1 <b>"here"</b>\nBen: agreed')
  assert.ok(xml.firstFrame > 0 && xml.name === 'Dailies, "day 1"')
})

test('what can not be is refused: a start that no frame has, another format, a film that is not there, no key', async () => {
  const notes = app.rushes.videos.notes
  await assert.rejects(notes(videoId, 'edl', { start: '1 o’clock' }), { code: 'request.invalid' })
  await assert.rejects(notes(videoId, 'edl', { start: '01:00:00:99' }), { code: 'request.invalid', status: 422 })
  await assert.rejects(notes(videoId, 'docx' as NotesFormat), { code: 'request.invalid' })
  await assert.rejects(notes('0190aaaa-0000-7000-8000-000000000000', 'csv'), { code: 'video.not_found' })
  assert.equal((await fetch((await addresses('csv')).replace(/token=[^&]+/, ''))).status, 401)
})

test('the metrics count them', async () => {
  const response = await fetch(`${app.url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
  assert.match(await response.text(), /rushes_notes_total\{format="csv"\} [1-9]/)
})
