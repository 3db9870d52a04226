import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { RushesError, Video } from '../../client-sdk/src/index.ts'
import { film } from '../ffmpeg/films.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { withoutScenes } from '../support/without-scenes.ts'

let app: TestApp
let video: Video
let sound: Video
const withCode = (code: string) => (fault: RushesError) => fault.code === code

before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', RUSHES_API_KEY: 'a key of the test, long enough' } })
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=10:d=12']
  const tone = ['-f', 'lavfi', '-i', 'sine=f=300:d=12']
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '100', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  const made = film(join(app.dataDirectory, 'film.mp4'), ...picture, ...tone, ...codecs, '-movflags', '+faststart')
  const { id } = await app.rushes.videos.upload(made)
  const heard = await app.rushes.videos.upload(film(join(app.dataDirectory, 's.wav'), ...tone))
  video = await app.rushes.videos.untilReady(id)
  sound = await app.rushes.videos.untilReady(heard.id)
})
after(() => app[Symbol.asyncDispose]())

const picture = async (options: { atSeconds: number; width?: number }) => {
  const answer = await fetch(app.rushes.videos.thumbnailUrl(video.id, options))
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) }
}
/** From the frame header of a baseline JPEG. */
function widthOf(jpeg: Buffer): number {
  const header = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  return jpeg.readUInt16BE(header + 7)
}

test('the storyboard names one sheet, whose address a player can follow with its token', async () => {
  assert.equal(video.links.storyboard, `/api/videos/${video.id}/storyboard.vtt`)
  const { tiles, sheetUrl } = await app.rushes.videos.storyboard(video.id)
  assert.deepEqual(
    tiles.map(tile => Math.round(tile.startSeconds)),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  )
  assert.ok(Math.abs((tiles.at(-1)?.endSeconds ?? 0) - video.durationSeconds) < 0.01)
  const sheet = await fetch(sheetUrl)
  assert.deepEqual([sheet.status, sheet.headers.get('content-type')], [200, 'image/jpeg'])
  await sheet.arrayBuffer()

  const vttUrl = app.rushes.videos.storyboardUrl(video.id)
  const vtt = await fetch(vttUrl)
  assert.match(vtt.headers.get('content-type') ?? '', /^text\/vtt/)
  const [named = ''] = /storyboard\.jpg\S*/.exec(await vtt.text()) ?? []
  assert.equal((await fetch(new URL(named, vttUrl))).status, 200)
})

test('the waveform spans the film', async () => {
  assert.equal(video.links.waveform, `/api/videos/${video.id}/waveform`)
  const { peaks, secondsPerPeak } = await app.rushes.videos.waveform(video.id)
  assert.ok(Math.abs(peaks.length * secondsPerPeak - 12) < 0.2)
  assert.ok(Math.max(...peaks) > 0.05)
})

test('each file that was made is found by its name, by ranges, and nothing else is', async () => {
  const ask = (name: string, headers = {}) => fetch(app.rushes.videos.renditionUrl(video.id, name), { headers })
  const types = {
    thumbnail: 'image/jpeg',
    audio: 'audio/wav',
    'storyboard-sheet': 'image/jpeg',
    storyboard: 'text/vtt',
  }
  for (const [name, type] of Object.entries(types)) {
    const answer = await ask(name)
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, type], name)
    await answer.arrayBuffer()
  }
  const part = await ask('audio', { range: 'bytes=8-11' })
  assert.deepEqual([part.status, await part.text()], [206, 'WAVE'])
  // It is played as it is, HLS is switched off, and the last is something of every object.
  for (const name of ['playback', 'hls', 'original', 'constructor']) {
    const answer = await ask(name)
    assert.equal(((await answer.json()) as { error: { code: string } }).error.code, 'rendition.not_ready', name)
  }
})

test('the room hears of both', async () => {
  const types = withoutScenes(await app.rushes.videos.events(video.id)).map(({ type }) => type)
  assert.ok(types.includes('storyboard.ready') && types.includes('waveform.ready'), types.join())
  assert.equal(types.at(-1), 'video.ready')
})

test('sound has a waveform and no pictures, and is ready', async () => {
  const stage = sound.progress.stages.find(({ name }) => name === 'storyboard')
  assert.deepEqual([sound.status, stage?.state, sound.links.storyboard], ['ready', 'skipped', null])
  assert.ok(sound.links.waveform)
  await assert.rejects(app.rushes.videos.storyboard(sound.id), withCode('storyboard.not_ready'))
  const at = await fetch(app.rushes.videos.thumbnailUrl(sound.id, { atSeconds: 1 }))
  assert.equal(((await at.json()) as { error: { code: string } }).error.code, 'thumbnail.not_ready')
})

test('a picture is of its second, in the next of four widths, and the same the second time', async () => {
  const [first, again, later] = [
    await picture({ atSeconds: 3.14, width: 200 }),
    await picture({ atSeconds: 3.1, width: 320 }),
    await picture({ atSeconds: 9, width: 320 }),
  ]
  assert.deepEqual([first.answer.status, widthOf(first.bytes)], [200, 320])
  assert.ok(first.bytes.equals(again.bytes))
  assert.equal(first.answer.headers.get('etag'), again.answer.headers.get('etag'))
  assert.ok(!first.bytes.equals(later.bytes))
  assert.notEqual(first.answer.headers.get('etag'), later.answer.headers.get('etag'))
  assert.equal(widthOf((await picture({ atSeconds: 2, width: 4000 })).bytes), 640)
})

test('the very end still shows the last frame, beyond it there is none', async () => {
  assert.equal((await picture({ atSeconds: video.durationSeconds })).answer.status, 200)
  const { answer, bytes } = await picture({ atSeconds: video.durationSeconds + 1 })
  assert.equal(answer.status, 422)
  assert.equal(JSON.parse(bytes.toString()).error.code, 'thumbnail.beyond_end')
  for (const t of ['-1', 'x', 'Infinity'])
    assert.equal((await fetch(`${app.rushes.videos.thumbnailUrl(video.id)}&t=${t}`)).status, 422)
})

test('many who ask at once get the same picture, or are told to come back; few are kept', async () => {
  const crowd = await Promise.all(Array.from({ length: 30 }, () => picture({ atSeconds: 5.5, width: 160 })))
  assert.ok(crowd.every(({ answer, bytes }) => answer.status === 200 && bytes.equals(crowd[0]?.bytes ?? Buffer.of())))
  const rush = await Promise.all(
    Array.from({ length: 40 }, (_, tenths) => picture({ atSeconds: 6 + tenths / 10, width: 160 })),
  )
  const statuses = new Set(rush.map(({ answer }) => answer.status))
  assert.deepEqual([...statuses].sort(), [200, 503])

  // 11.5 and 6.5 seconds lie 50 tenths apart: in 200 places for four widths they share one.
  await picture({ atSeconds: 6.5, width: 160 })
  await picture({ atSeconds: 11.5, width: 160 })
  const folder = join(app.dataDirectory, 'blobs', 'videos', video.id, 'pictures', String((115 * 4) % 200))
  assert.deepEqual(readdirSync(folder), ['115-160.jpg'])
})
