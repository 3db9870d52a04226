import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Video } from '../../client-sdk/src/index.ts'
import { film, mediaFile, skip } from '../ffmpeg/films.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { until } from '../support/until.ts'
import { ffprobe, linesOf, readMedia, variantsOf } from './ladder-reader.ts'

let app: TestApp
const folder = mkdtempSync(join(tmpdir(), 'hls-'))
const generated = (name: string, ...args: string[]) => film(join(folder, name), ...args)
const picture = (size: string, seconds = 3) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=20:d=${seconds}`]
const tone = ['-f', 'lavfi', '-i', 'sine=d=3']
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']

before(async () => {
  app = await startTestApp({ env: { HLS_LADDER: '240,144', TRANSCRIBER: 'none' } })
})
after(() => app[Symbol.asyncDispose]())

async function ladderOf(path: string): Promise<{ video: Video; variants: Record<string, string>[]; master: string }> {
  const { id } = await app.rushes.videos.upload(path)
  await until('the ladder is settled', async () =>
    (await app.rushes.videos.get(id)).progress.stages.some(
      ({ name, state }) => name === 'hls' && ['done', 'failed'].includes(state),
    ),
  )
  const video = await app.rushes.videos.get(id)
  const master = await (await fetch(app.rushes.videos.hlsUrl(id))).text()
  return { video, master, variants: variantsOf(linesOf(master)) }
}

/** The whole file of a size, and its segments. */
async function sizeOf({ video }: { video: Video }, name: string) {
  const url = app.rushes.videos.hlsUrl(video.id)
  const read = readMedia(await (await fetch(new URL(`${name}.m3u8`, url))).text())
  const path = join(folder, `${video.id}-${name}.mp4`)
  writeFileSync(path, Buffer.from(await (await fetch(new URL(`${name}.mp4`, url))).arrayBuffer()))
  return { ...read, path }
}
const uris = ({ variants }: { variants: Record<string, string>[] }) => variants.map(({ uri }) => uri).toSorted()

test('a film without sound has no group for it', async () => {
  const found = await ladderOf(generated('silent.mp4', ...picture('320x240'), ...h264))
  assert.doesNotMatch(found.master, /TYPE=AUDIO|AUDIO=|mp4a/)
  assert.ok(uris(found).includes('source.m3u8') && uris(found).includes('144p.m3u8'), found.master)
})

test('sound alone is a variant', async () => {
  const found = await ladderOf(generated('sound.wav', ...tone))
  assert.deepEqual(uris(found), ['audio.m3u8'])
  assert.equal(found.variants[0]?.CODECS, 'mp4a.40.2')
  assert.doesNotMatch(found.master, /RESOLUTION|EXT-X-MEDIA/)
})

test('odd sides become even, square pixels take the place of others, and nothing is copied that is not 4:2:0', async () => {
  const args = [
    '-vf',
    'format=yuv444p,crop=161:243:exact=1,setsar=2',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv444p',
  ]
  const found = await ladderOf(generated('odd.mp4', ...picture('162x244'), ...args))
  const source = found.variants.find(({ uri }) => uri === 'source.m3u8')
  // The copy that browsers play is what is copied.
  assert.equal(source?.RESOLUTION, '322x244', found.master)
  const { path } = await sizeOf(found, '144p')
  const [stream] = ffprobe(path, 'stream=width,height,sample_aspect_ratio,pix_fmt')
  assert.deepEqual([stream?.height, stream?.sample_aspect_ratio, stream?.pix_fmt], [144, '1:1', 'yuv420p'])
})

test('frames at uneven times keep theirs, and keyframes lie at the same times in all sizes', async () => {
  const uneven = ['-vf', "select='lt(mod(n\\,7)\\,3)+gt(n\\,70)'", '-fps_mode', 'vfr', '-c:v', 'mpeg4']
  const found = await ladderOf(generated('uneven.mkv', ...picture('320x240', 6), ...uneven))
  const [large, small] = [await sizeOf(found, '240p').catch(() => null), await sizeOf(found, '144p')]
  const times = (path: string) =>
    ffprobe(path, 'packet=pts_time')
      .map(({ pts_time }) => Number(pts_time).toFixed(3))
      .toSorted()
  const source = times(join(folder, 'uneven.mkv')).map(Number)
  const made = times(small.path).map(Number)
  assert.equal(made.length, source.length)
  const shift = (made[0] ?? 0) - (source[0] ?? 0)
  for (const [n, at] of made.entries()) assert.ok(Math.abs(at - shift - (source[n] ?? 0)) < 0.003, `frame ${n}`)
  if (large)
    assert.deepEqual(
      large.segments.map(({ seconds }) => seconds),
      small.segments.map(({ seconds }) => seconds),
    )
})

test('a film that lies on its side is turned, and its sizes go by the shorter side', async () => {
  const upright = generated('upright.mp4', ...picture('320x240'), ...h264)
  const turned = join(folder, 'turned.mp4')
  film(turned, '-i', upright, '-c', 'copy', '-metadata:s:v:0', 'rotate=90')
  const found = await ladderOf(turned)
  assert.deepEqual(uris(found), ['144p.m3u8', '240p.m3u8'])
  assert.ok(
    found.variants.every(({ RESOLUTION = '' }) => /^(144x192|240x320)$/.test(RESOLUTION)),
    found.master,
  )
})

const hdr = 'odd/androidx/mp4/hlg10-color-test.mp4'
test('HDR is tone-mapped, and says so', { skip: skip || (!existsSync(mediaFile(hdr)) && 'no such film') }, async () => {
  const found = await ladderOf(mediaFile(hdr))
  assert.ok(!uris(found).includes('source.m3u8'))
  assert.ok(found.variants.length > 0 && found.variants.every(each => each['VIDEO-RANGE'] === 'SDR'), found.master)
  const { path } = await sizeOf(found, '144p')
  const [stream] = ffprobe(path, 'stream=pix_fmt,color_transfer,color_space,color_primaries')
  assert.deepEqual(
    [stream?.pix_fmt, stream?.color_transfer, stream?.color_space, stream?.color_primaries],
    ['yuv420p', 'bt709', 'bt709', 'bt709'],
  )
})
