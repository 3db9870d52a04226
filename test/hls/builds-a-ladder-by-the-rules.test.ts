import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { Video } from '../../client-sdk/src/index.ts'
import { film } from '../ffmpeg/films.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { until } from '../support/until.ts'
import { attributes, ffprobe, linesOf, readMedia, tag, variantsOf } from './ladder-reader.ts'

const key = 'a key of the test, long enough'
const captions = 'WEBVTT\n\n00:00.500 --> 00:03.000\nThe crane was repaired.\n'
let app: TestApp
let token: string
let video: Video
const folder = mkdtempSync(join(tmpdir(), 'hls-'))

const get = async (uri: string, headers: Record<string, string> = {}) =>
  fetch(new URL(uri, app.rushes.videos.hlsUrl(video.id)), { headers })
const text = async (uri: string) => (await get(uri)).text()
const settled = (id: string) =>
  until('the ladder is settled', async () =>
    (await app.rushes.videos.get(id)).progress.stages.some(
      ({ name, state }) => name === 'hls' && ['done', 'failed', 'skipped'].includes(state),
    ),
  )

before(async () => {
  app = await startTestApp({ env: { HLS_LADDER: '360,240,180', RUSHES_API_KEY: key } })
  const made = film(
    join(folder, 'film.mp4'),
    ...['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=9', '-f', 'lavfi', '-i', 'sine=f=300:d=9'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '4M', '-g', '70', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  )
  const { id } = await app.rushes.videos.upload(made, { captions })
  await app.rushes.videos.untilReady(id)
  await until('there is a ladder', async () => (await app.rushes.videos.get(id)).links.hls !== null)
  await settled(id)
  video = await app.rushes.videos.get(id)
  token = new URL(app.rushes.videos.hlsUrl(id)).searchParams.get('token') ?? ''
})
after(() => app[Symbol.asyncDispose]())

test('the master playlist obeys RFC 8216', async () => {
  const answer = await get(`master.m3u8?token=${token}`)
  assert.deepEqual(
    [answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')],
    [200, 'application/vnd.apple.mpegurl', 'private, no-cache'],
  )
  const lines = linesOf(await answer.text())
  const media = lines.filter(line => line.startsWith('#EXT-X-MEDIA:')).map(line => attributes(line.slice(13)))
  const variants = variantsOf(lines)
  const rules: [string, boolean][] = [
    ['4.3.1.1 EXTM3U "MUST be the first line"', lines[0] === '#EXTM3U'],
    ['4.3.1.2 one EXT-X-VERSION', tag(lines, 'EXT-X-VERSION') === '7'],
    ['4.3.4.2 every variant has BANDWIDTH', variants.every(each => /^\d+$/.test(each.BANDWIDTH ?? ''))],
    [
      '4.3.4.2 the average is at most the peak',
      variants.every(each => Number(each['AVERAGE-BANDWIDTH']) <= Number(each.BANDWIDTH)),
    ],
    ['4.3.4.2 CODECS in each', variants.every(each => /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/.test(each.CODECS ?? ''))],
    ['4.3.4.2 FRAME-RATE to three decimals', variants.every(each => each['FRAME-RATE'] === '25.000')],
    [
      '4.3.4.2 AUDIO and SUBTITLES "MUST match the value of the GROUP-ID"',
      variants.every(({ AUDIO, SUBTITLES }) => AUDIO === 'sound' && SUBTITLES === 'captions'),
    ],
    [
      '4.3.4.1 TYPE, GROUP-ID and NAME are there',
      media.every(each => each.TYPE && each['GROUP-ID'] && each.NAME && each.URI),
    ],
    ['one group of sound and one of subtitles', media.map(({ TYPE }) => TYPE).join() === 'AUDIO,SUBTITLES'],
    ['no other tags', lines.every(line => !line.startsWith('#') || /^#(EXTM3U|EXT-X-[A-Z-]+)/.test(line))],
  ]
  for (const [rule, holds] of rules) assert.ok(holds, `${rule}\n${lines.join('\n')}`)
  assert.deepEqual(variants.map(({ RESOLUTION }) => RESOLUTION).toSorted(), [
    '320x180',
    '426x240',
    '640x360',
    '640x360',
  ])
  assert.ok(variants.every(({ uri }) => uri?.endsWith(`?token=${token}`)))
})

test('each media playlist obeys it too; ranges are boxes that begin with a keyframe; encoded sizes are aligned', async () => {
  const master = linesOf(await text(app.rushes.videos.hlsUrl(video.id)))
  const starts: Record<string, number[]> = {}
  const targets = new Set<number>()
  const uris = variantsOf(master).map(each => each)
  const all = [...uris, { uri: `audio.m3u8?token=${token}`, CODECS: '' } as Record<string, string>]
  for (const variant of all) {
    const name = /^[a-z0-9]+/.exec(variant.uri ?? '')?.[0] ?? ''
    const { lines, target, init, segments } = readMedia(await text(variant.uri ?? ''))
    const bytes = Buffer.from(await (await get(init.uri)).arrayBuffer())
    targets.add(target)
    const ends = segments.map(({ offset, bytes }) => offset + bytes)
    const rules: [string, boolean][] = [
      [
        '4.3.3.1 "EXTINF [..] rounded [..] MUST be less than or equal"',
        segments.every(s => Math.round(s.seconds) <= target),
      ],
      ['4.3.3.4 EXT-X-ENDLIST ends it', lines.at(-1) === '#EXT-X-ENDLIST'],
      ['4.3.3.5 it never changes', tag(lines, 'EXT-X-PLAYLIST-TYPE') === 'VOD'],
      ['4.3.5.1 each segment stands alone', tag(lines, 'EXT-X-INDEPENDENT-SEGMENTS') === ''],
      [
        '4.3.2.2 ranges follow each other, up to the end',
        segments.every((s, n) => s.offset === (ends[n - 1] ?? init.bytes)),
      ],
      ['the last range ends with the file', ends.at(-1) === bytes.length],
      ['4.3.2.5 the map is ftyp and moov', types(bytes.subarray(0, init.bytes)).join() === 'ftyp,moov'],
      [
        '4.3.4.2 BANDWIDTH bounds every segment',
        segments.every(
          s =>
            variant.BANDWIDTH === undefined ||
            s.seconds < target / 2 ||
            (8 * s.bytes) / s.seconds <= Number(variant.BANDWIDTH),
        ),
      ],
    ]
    for (const [rule, holds] of rules) assert.ok(holds, `${name}: ${rule}\n${lines.join('\n')}`)
    for (const { offset, bytes: length } of segments)
      assert.match(types(bytes.subarray(offset, offset + length)).join(), /^(moof,mdat)(,moof,mdat)*$/)

    // As a player reads it: the header and one segment alone.
    const path = join(folder, `${name}.mp4`)
    starts[name] = segments.map(({ offset, bytes: length }) => {
      writeFileSync(path, Buffer.concat([bytes.subarray(0, init.bytes), bytes.subarray(offset, offset + length)]))
      const [first] = ffprobe(path, 'packet=pts_time,flags')
      assert.match(first?.flags ?? '', /^K/)
      return Number(first?.pts_time)
    })
    // What ffprobe makes of reordered pictures without an edit list begins later, by the same for all.
    const [zero = 0] = starts[name]
    starts[name] = starts[name].map(seconds => Math.round((seconds - zero) * 1000) / 1000)
    const total = segments.reduce((sum, { seconds }) => sum + seconds, 0)
    assert.ok(Math.abs(total - 9) < 0.1, `${name} lasts ${total}`)
    const [stream] = ffprobe(path, 'stream=codec_name,profile,level,width,height')
    if (variant.CODECS) {
      const [, profile = '', level = ''] = /^avc1\.(..)..(..)/.exec(variant.CODECS) ?? []
      assert.equal(Number.parseInt(level, 16), stream?.level)
      const names: Record<string, string> = { 100: 'High', 77: 'Main', 66: 'Constrained Baseline' }
      assert.equal(names[Number.parseInt(profile, 16)], stream?.profile)
      assert.equal(variant.RESOLUTION, `${stream?.width}x${stream?.height}`)
    }
  }
  assert.deepEqual(starts['360p'], [0, 2, 4, 6, 8])
  assert.deepEqual(starts['240p'], starts['360p'])
  assert.deepEqual(starts['180p'], starts['360p'])
  assert.deepEqual(starts.source, [0, 2.8, 5.6, 8.4])
  assert.equal(targets.size, 1, '6.2.4 "MUST have the same target duration"')
})

test('the copy has the very packets of the film', async () => {
  const { init } = readMedia(await text(`source.m3u8?token=${token}`))
  const path = join(folder, 'copy.mp4')
  writeFileSync(path, Buffer.from(await (await get(init.uri)).arrayBuffer()))
  const hashes = (file: string) =>
    execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:v', '-c', 'copy', '-f', 'streamhash', '-'], {
      encoding: 'utf8',
    })
  assert.equal(hashes(path), hashes(join(folder, 'film.mp4')))
})

test('ffmpeg plays every variant to its end, following the addresses with their token', async () => {
  const url = app.rushes.videos.hlsUrl(video.id)
  // Not in this thread: the server that it asks is in it.
  const { stderr } = await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', url, '-map', '0', '-f', 'null', '-'])
  assert.equal(stderr, '')
})

test('subtitles are the transcript, counted as the film counts', async () => {
  const lines = linesOf(await text(`subtitles.m3u8?token=${token}`))
  const answer = await get(lines.at(-2) ?? '')
  assert.match(answer.headers.get('content-type') ?? '', /^text\/vtt/)
  const vtt = await answer.text()
  assert.match(vtt, /^WEBVTT.*\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n/)
  assert.match(vtt, /The crane was repaired/)
})

test('files never change and are sent by ranges; other names are refused', async () => {
  const answer = await get(`source.mp4?token=${token}`, { range: 'bytes=0-99' })
  assert.deepEqual(
    [answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')],
    [206, 'video/mp4', 'private, max-age=31536000, immutable'],
  )
  await answer.arrayBuffer()
  for (const [file, status] of [
    ['720p.m3u8', 404],
    ['ladder.json', 422],
    ['..%2Foriginal', 422],
    ['source.mp4.m3u8', 422],
  ])
    assert.equal((await get(`${file}?token=${token}`)).status, status, String(file))
  assert.equal((await get('master.m3u8')).status, 401)
})

test('the room hears of each size', async () => {
  const events = await app.rushes.videos.events(video.id)
  const names = events.flatMap(event => (event.type === 'rendition.ready' ? [event.payload.name] : []))
  assert.deepEqual(names.filter(name => name.startsWith('hls-')).toSorted(), [
    'hls-180p',
    'hls-240p',
    'hls-360p',
    'hls-audio',
    'hls-source',
  ])
})

const types = (bytes: Buffer): string[] => {
  const found: string[] = []
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) found.push(bytes.toString('latin1', at + 4, at + 8))
  return found
}
