import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { RushesError } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

const captions = `WEBVTT

00:00.100 --> 00:00.900
The keeper’s lamp, ${'lit. '.repeat(60_000)}
`

let app: TestApp
let film: File
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'subtitles', MAX_CAPTIONS_BYTES: '500000' } })
  const bytes = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
  film = new File([new Uint8Array(bytes)], 'film.mp4')
})
after(() => app[Symbol.asyncDispose]())

const refused = (code: string) => (fault: unknown) => fault instanceof RushesError && fault.code === code
const spoken = async (id: string) => {
  await app.rushes.videos.untilReady(id)
  const { engine, segments } = await app.rushes.videos.transcript(id)
  return [engine, segments[0]?.text.slice(0, 18)]
}
const said = ['subtitles uploaded', 'The keeper’s lamp,']

test('captions of a direct upload wait for its film, sent by PUT', async () => {
  const { video, upload } = await app.rushes.videos.createDirectUpload({ filename: 'film.mp4', captions })
  assert.equal((await fetch(upload.url, { method: 'PUT', body: film })).status, 200)
  assert.deepEqual(await spoken(video.id), said)
})

test('captions go along with a film that is sent in parts', async () => {
  const video = await app.rushes.videos.upload(film, { resumable: true, captions, title: 'In parts' })
  assert.equal(video.title, 'In parts')
  assert.deepEqual(await spoken(video.id), said)
  const asFile = new File([captions], 'film.vtt')
  assert.deepEqual(await spoken((await app.rushes.videos.upload(film, { resumable: true, captions: asFile })).id), said)
})

test('calling off an upload with captions takes its video along', async () => {
  const before = (await app.rushes.videos.list()).items.length
  const stop = new AbortController()
  const sending = app.rushes.videos.upload(film, {
    ...{ resumable: true, captions, signal: stop.signal },
    onProgress: () => stop.abort(new Error('called off')),
  })
  await assert.rejects(sending, /called off/)
  await assert.doesNotReject(async () => {
    for (let tries = 0; (await app.rushes.videos.list()).items.length > before; tries += 1)
      if (tries > 500) throw new Error('its video is still there')
  })
})

test('captions that are none, or too large, are refused before there is a video', async () => {
  const before = (await app.rushes.videos.list()).items.length
  const create = (text: string) => app.rushes.videos.createDirectUpload({ filename: 'film.mp4', captions: text })
  await assert.rejects(create('these are words'), refused('upload.unsupported_captions'))
  await assert.rejects(create(captions.repeat(2)), refused('upload.too_large'))
  await assert.rejects(create(captions.repeat(9)), refused('request.too_large'))
  await assert.rejects(
    app.rushes.videos.upload(film, { resumable: true, captions: 'these are words' }),
    refused('upload.unsupported_captions'),
  )
  const latin = new File(
    [new Uint8Array(Buffer.from('1\n00:00:00,100 --> 00:00:00,900\nGr\xfc\xdfe\n', 'latin1'))],
    'x.srt',
  )
  await assert.rejects(app.rushes.videos.upload(film, { resumable: true, captions: latin }), refused('request.invalid'))
  assert.equal((await app.rushes.videos.list()).items.length, before)
})
