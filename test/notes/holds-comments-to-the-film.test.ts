import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes, type Message, type Room, uploadTo } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { enterAs } from '../support/people.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { readCsv, readEdl, readFcpxml } from './reread.ts'

const seconds = 2
/** Frames a second of the film. */
const rate = 15

let app: TestApp
let film: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MESSAGES_PER_SECOND: '0' } })
  film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds })
})
after(() => app[Symbol.asyncDispose]())

const places: [body: string, atSeconds: number, endSeconds: number | undefined][] = [
  ['in it', 1, undefined],
  ['a span in it', 0.5, 1],
  ['to the end', 1, seconds],
  ['where players stop', seconds, undefined],
  ['a moment after', seconds + 0.001, undefined],
  ['far away', 999_999, undefined],
  ['a span over the end', 1.5, 86_400],
  ['a span behind the end', 5, 6],
]
const held = (value: number | null | undefined) => (value == null ? null : Math.min(value, seconds))
const wanted = places.map(([body, at, end]) => [body, held(at), held(end)])
const placesOf = (messages: readonly Message[]) =>
  messages.map(({ body, atSeconds, endSeconds }) => [body, atSeconds, endSeconds])

async function sayAll(room: Room): Promise<Message[]> {
  const said: Message[] = []
  for (const [body, atSeconds, endSeconds] of places) said.push(await room.send({ body, atSeconds, endSeconds }))
  return said
}

/** In every format each note lies on frames that the film has, and the timeline is as long as the film. */
async function assertExportsFit(videoId: string): Promise<void> {
  const { notes } = app.rushes.videos
  // The client leaves the mark out by which Excel knows UTF-8.
  const csv = readCsv(`\ufeff${await notes(videoId, 'csv')}`)
  const edl = readEdl(await notes(videoId, 'edl'))
  const xml = readFcpxml(await notes(videoId, 'fcpxml'))
  assert.deepEqual([csv.length, edl.events.length, xml.markers.length], Array(3).fill(places.length))
  for (const row of csv) {
    assert.ok(Number(row['start seconds']) <= seconds && Number(row['end seconds']) <= seconds, row.text)
    assert.match(row['start time code'] ?? '', /^00:00:0[01]:/, row.text)
  }
  for (const { start, end, text } of edl.events) {
    assert.match(start ?? '', /^00:00:0[01]:/, text)
    assert.ok((end ?? '~') <= '00:00:02:00', text)
  }
  // 15 frames a second are counted as 30.
  const frames = seconds * rate * 2
  assert.equal(xml.duration, frames)
  for (const { start, frames: length } of xml.markers) assert.ok(start >= 0 && start + length <= frames)
  assert.equal(xml.markers.at(-1)?.start, frames - 1, 'what is said at the end is said of the last frame')
}

test('what is said of a place behind the film is said of its end, as people are told, in the talk and in files', async () => {
  const { id } = await app.rushes.videos.upload(film)
  const room = await enterAs(app, 'Ada', id)
  const other = await enterAs(app, 'Ben', id)
  const heard: Message[] = []
  other.on('message.created', ({ message }) => heard.push(message))
  assert.deepEqual(placesOf(await sayAll(room)), wanted)
  await until('the other one heard all', () => heard.length === places.length)
  assert.deepEqual(placesOf(heard), wanted)
  assert.deepEqual(placesOf((await app.rushes.videos.messages(id)).items), wanted)
  await assertExportsFit(id)

  const [first] = heard
  assert.ok(first)
  const moved = await room.edit(first.id, { atSeconds: 500, endSeconds: 600 })
  assert.deepEqual([moved.atSeconds, moved.endSeconds], [seconds, seconds])
  const byHttp = await app.rushes.videos.say(id, { body: 'by HTTP', atSeconds: 7, endSeconds: 8 })
  assert.deepEqual([byHttp.atSeconds, byHttp.endSeconds], [seconds, seconds])
  room.leave()
  other.leave()
})

test('questions, too', async () => {
  const { id } = await app.rushes.videos.upload(film)
  const room = await enterAs(app, 'Ada', id)
  // There is nothing yet to answer it from: it stands there all the same.
  await room
    .ask('What is there?', { atSeconds: 70, endSeconds: 80 })
    .message()
    .catch(() => {})
  const { items } = await app.rushes.videos.messages(id)
  assert.deepEqual([items[0]?.kind, items[0]?.atSeconds, items[0]?.endSeconds], ['question', seconds, seconds])
  room.leave()
})

test('what was said before the film was there is held when it comes, and everyone is told', async () => {
  const { video, upload } = await app.rushes.videos.createDirectUpload({ filename: 'film.mp4' })
  const room = await enterAs(app, 'Ada', video.id)
  await sayAll(room)
  const moved = new Map<string, Message>()
  room.on('message.edited', ({ message }) => moved.set(message.id, message))
  await uploadTo(upload, film)
  const { items } = await app.rushes.videos.messages(video.id)
  assert.deepEqual(placesOf(items), wanted)
  await until('the room was told', () => moved.size === 4)
  for (const item of items) if (moved.has(item.id)) assert.deepEqual(moved.get(item.id), item)
  assert.ok(
    items.every(item => item.editedAt === null),
    'nobody edited them',
  )
  await assertExportsFit(video.id)
  room.leave()
  const later = await createRushes({ url: app.url, name: 'Cleo' }).rooms.join(video.id)
  assert.deepEqual(placesOf(later.messages), wanted)
  later.leave()
})

async function talkWhileTheFilmComes(): Promise<void> {
  const { video, upload } = await app.rushes.videos.createDirectUpload({ filename: 'film.mp4' })
  const rooms = await Promise.all(['Ada', 'Ben', 'Cleo'].map(name => enterAs(app, name, video.id)))
  let isThere = false
  const talk = rooms.map(async room => {
    while (!isThere) await room.send({ body: 'now?', atSeconds: 4000 })
  })
  await uploadTo(upload, film)
  isThere = true
  await Promise.all(talk)
  await until('all of it is held', async () => {
    const { items } = await app.rushes.videos.messages(video.id, { limit: 200 })
    return items.length > 3 && items.every(item => item.atSeconds === seconds)
  })
  for (const room of rooms) room.leave()
}

test('nothing slips through in the moment in which the film comes', async () => {
  for (let round = 0; round < 5; round++) await talkWhileTheFilmComes()
})
