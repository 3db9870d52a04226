// tier: postgres
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { RoomEvent, Video } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { withoutScenes } from '../support/without-scenes.ts'

let app: TestApp
let video: Video
const heard: RoomEvent[] = []
const percents: { stage: string; percent: number }[] = []

before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'pocketsphinx' } })
  const film = await makeFilm(join(app.dataDirectory, 'meeting.mp4'), {
    seconds: 20,
    says: 'welcome to the evening meeting. we decided to paint the bridge green. the work begins on monday morning. the cost is nine thousand dollars.',
    fastStart: false,
  })
  video = await app.rushes.videos.upload(film)
  const room = await app.rushes.rooms.join(video.id, { name: 'Ada' })
  room.on('event', event => heard.push(event))
  room.on('progress', progress => percents.push(progress))
  video = await app.rushes.videos.untilReady(video.id)
  room.leave()
})
after(() => app[Symbol.asyncDispose]())

test('it plays at once, and there is a picture of it before there is a transcript', async () => {
  const types = withoutScenes(await app.rushes.videos.events(video.id, 0)).map(event => event.type)
  const before = (first: string, second: string) =>
    types.indexOf(first as never) >= 0 && types.indexOf(first as never) < types.indexOf(second as never)
  assert.ok(before('video.playable', 'transcript.ready'), types.join())
  assert.ok(before('thumbnail.ready', 'transcript.ready'), types.join())
  assert.equal(types.at(-1), 'video.ready')
})

test('its room hears of every stage as it happens, with the segments as they are recognised', () => {
  const stages = heard.flatMap(event =>
    event.type === 'video.stage_changed' ? [`${event.payload.stage} ${event.payload.state}`] : [],
  )
  for (const expected of ['transcript running', 'transcript done', 'search done'])
    assert.ok(stages.includes(expected), stages.join())
  assert.ok(
    heard.findIndex(event => event.type === 'transcript.segments') <
      heard.findIndex(event => event.type === 'transcript.ready'),
  )
  assert.ok(percents.length > 0)
  assert.ok(percents.every(({ percent }) => percent >= 0 && percent <= 100))
})

test('its index comes first in the copy that is streamed; the original stays as it was sent', async () => {
  const [playback, original] = await Promise.all(
    ['playback', 'original'].map(async rendition =>
      Buffer.from(await (await fetch(`${app.url}/api/videos/${video.id}/stream?rendition=${rendition}`)).arrayBuffer()),
    ),
  )
  assert.ok(playback && original)
  assert.ok(playback.indexOf('moov') < playback.indexOf('mdat'))
  assert.ok(original.indexOf('moov') > original.indexOf('mdat'))
  assert.equal(original.length, video.sizeBytes)
})

test('what is said is found where it is said, by phrase and by word, and nonsense is not', async () => {
  const { segments } = await app.rushes.videos.transcript(video.id)
  const words = segments.flatMap(segment => segment.words)
  const monday = words.find(word => /monday/i.test(word.word))
  assert.ok(monday, words.map(word => word.word).join(' '))
  for (const q of ['monday morning', 'mondays', '"monday"']) {
    const { mode, hits } = await app.rushes.videos.search(video.id, q)
    assert.equal(mode, 'lexical')
    assert.ok(
      hits[0] && hits[0].startSeconds <= monday.startSeconds && hits[0].endSeconds >= monday.endSeconds,
      `${q}: ${JSON.stringify(hits)}`,
    )
  }
  assert.deepEqual((await app.rushes.videos.search(video.id, 'xylophonic quaggafrumpet')).hits, [])
  assert.equal((await app.rushes.search('monday')).hits[0]?.videoId, video.id)
})

test('a question in the room is answered in parts, with citations that stand in the transcript', async () => {
  const room = await app.rushes.rooms.join(video.id, { name: 'Ben' })
  let text = ''
  let cited = 0
  for await (const part of room.ask('What does it cost?')) {
    if (part.type === 'text') text += part.text
    if (part.type === 'citations') cited = part.citations.length
  }
  assert.match(text, /thousand/i)
  assert.ok(cited > 0)
  const said = (await app.rushes.videos.transcript(video.id)).segments.map(segment => segment.text).join(' ')
  const answer = room.messages.find(message => message.kind === 'answer')
  for (const citation of answer?.citations ?? []) assert.ok(said.includes(citation.text), citation.text)
  room.leave()
})

test('the transcript comes as WebVTT, SubRip and text, with the times of the segments', async () => {
  const { segments } = await app.rushes.videos.transcript(video.id)
  const file = async (format: string) => (await fetch(`${app.url}/api/videos/${video.id}/transcript.${format}`)).text()
  assert.match(await file('vtt'), /^WEBVTT\n/)
  assert.match(await file('srt'), /^1\r?\n00:00:0\d,\d{3} --> 00:00:\d\d,\d{3}/)
  assert.ok((await file('txt')).includes(segments[0]?.text ?? '?'))
})

test('uploaded captions are the transcript, on whatever rung the server stands', async () => {
  const captions = new File(
    ['WEBVTT\n\n00:00.500 --> 00:02.000\nThe keeper walks to the lighthouse.\n'],
    'captions.vtt',
  )
  const film = await makeFilm(join(app.dataDirectory, 'captioned.mp4'), { seconds: 3 })
  await using captioned = await startTestApp({ env: { TRANSCRIBER: 'auto' } })
  const { id } = await captioned.rushes.videos.upload(film, { captions })
  await captioned.rushes.videos.untilReady(id)
  const transcript = await captioned.rushes.videos.transcript(id)
  assert.match(transcript.engine, /^subtitles/)
  assert.deepEqual(
    transcript.segments.map(segment => segment.text),
    ['The keeper walks to the lighthouse.'],
  )
  assert.ok(transcript.segments[0]?.words.every(word => word.estimated))
})

test('without any engine the film is ready all the same, and says why it has no transcript', async () => {
  await using bare = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const film = await makeFilm(join(bare.dataDirectory, 'silent.mp4'), { seconds: 2 })
  const { id } = await bare.rushes.videos.upload(film)
  const ready = await bare.rushes.videos.untilReady(id)
  assert.equal(ready.transcriptState, 'unavailable')
  assert.ok(ready.transcriptReason)
  const health = await bare.rushes.health()
  assert.equal(health.engines.transcript?.rung, 'none')
  assert.equal(health.status, 'degraded')
})
