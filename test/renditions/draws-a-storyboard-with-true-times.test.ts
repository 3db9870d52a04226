import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { makeStoryboard, type Tile } from '../../server/renditions/make-storyboard.ts'
import { withToken, writeStoryboardVtt } from '../../server/renditions/storyboard-vtt.ts'
import { film, mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { sourceOf } from './source-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())
const jpegFormats = ['jpeg_pipe', 'mjpeg', 'image2']

/** A film's storyboard, with the size of its sheet and how bright each tile is. */
async function storyboardOf(path: string) {
  using work = scratch()
  const target = work.file('sheet')
  const tiles = await makeStoryboard(await sourceOf(ffmpeg, path), target)
  if (!tiles) return null
  const sheet = (await ffmpeg.probe(target, { formats: jpegFormats })).streams[0]
  const brightness = (tile: Tile) => brightnessOf(target, tile)
  return { tiles, sheet, brightness: await Promise.all(tiles.slice(0, 12).map(brightness)) }
}

async function brightnessOf(path: string, { x, y, width, height }: Tile): Promise<number> {
  const filter = `crop=${width}:${height}:${x}:${y},format=yuv420p,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-`
  const input = { path, formats: jpegFormats, options: ['-f', 'mjpeg'] }
  const printed = await ffmpeg.capture(
    { inputs: [input], options: ['-vf', filter, '-f', 'null'] },
    { timeoutSeconds: 20 },
  )
  return Number(/YAVG=(\S+)/.exec(printed)?.[1])
}

/** A little brighter every second: a picture tells when it is seen. */
const staircase = ['-f', 'lavfi', '-i', "color=black:s=320x180:r=10:d=24,format=gray,geq=lum='16+9*floor(T)'"]
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-sc_threshold', '0']

for (const [name, everyFrames] of [
  ['a keyframe every second', 10],
  ['a keyframe every ten seconds', 100],
  ['one keyframe in all', 10_000],
  ['keyframes only', 1],
] as const) {
  test(`${name}: one picture a second, each of its own second`, async () => {
    using work = scratch()
    const made = await storyboardOf(film(work.file('f.mp4'), ...staircase, ...x264, '-g', String(everyFrames)))
    assert.deepEqual(
      made?.tiles.map(({ atSeconds }) => Math.round(atSeconds)),
      Array.from({ length: 24 }, (_, second) => second),
    )
    const { brightness = [], tiles = [] } = made ?? {}
    brightness.forEach((seen, place) => {
      const lightness = 16 + 9 * Math.floor((tiles[place]?.atSeconds ?? -9) + 0.01)
      // It is measured in video levels: 16 to 235 for 0 to 255.
      const level = 16 + (lightness * 219) / 255
      assert.ok(Math.abs(seen - level) < 3, `tile ${place} shows ${seen}, not ${level}`)
    })
  })
}

test('in a long film the keyframes are enough, and at most 200 are shown', async () => {
  using work = scratch()
  const long = ['-f', 'lavfi', '-i', 'testsrc2=s=64x36:r=2:d=900', ...x264, '-g', '2']
  const made = await storyboardOf(film(work.file('long.mp4'), ...long))
  const times = made?.tiles.map(({ atSeconds }) => atSeconds) ?? []
  assert.ok(times.length > 150 && times.length <= 200, `${times.length} tiles`)
  assert.ok((times.at(-1) ?? 0) > 880, `the last is of ${times.at(-1)}`)
  assert.equal(made?.sheet?.width, 1600)
})

const odd: [file: string, width: number, height: number][] = [
  ['video/googlework_tiny.mp4', 160, 90],
  ['odd/sar_2x1.mp4', 160, 46],
  ['odd/bad_keyframe_flags.mp4', 160, 90],
  ['odd/annexb_no_duration.mkv', 160, 90],
  ['odd/phone_rotated180_vfr.mp4', 160, 90],
  ['odd/portrait_1080x1920.mp4', 160, 284],
  ['odd/delayed_start.mp4', 160, 106],
  ['odd/avi_mpeg4_mp3.avi', 160, 90],
  ['odd/transparent.webm', 160, 160],
  ['odd/androidx/ts/bbb_2500ms.ts', 160, 90],
  ['odd/androidx/mp4/sample_rotate_and_reflect.mp4', 160, 240],
  ['odd/androidx/mp4/hdr10-av1.mp4', 160, 284],
]
for (const [file, width, height] of odd) {
  test(`${file} has tiles of its shape, in order, within the sheet`, { skip }, async () => {
    const made = await storyboardOf(mediaFile(file))
    assert.ok(made && made.tiles.length > 0)
    const { tiles, sheet } = made
    assert.deepEqual([tiles[0]?.width, tiles[0]?.height], [width, height])
    assert.ok(tiles.every((tile, at) => at === 0 || tile.atSeconds > (tiles[at - 1]?.atSeconds ?? 0)))
    assert.ok(tiles.every(({ x, y }) => x + width <= (sheet?.width ?? 0) && y + height <= (sheet?.height ?? 0)))
  })
}

test('what is only sound has none', { skip }, async () => {
  assert.equal(await storyboardOf(mediaFile('speech/leopard_en.wav')), null)
  assert.equal(await storyboardOf(mediaFile('odd/mp3_with_cover_art.mp3')), null)
})

test('its WebVTT gives each tile the time until the next, and carries a token where there is one', () => {
  const tile = { y: 0, width: 160, height: 90 }
  const vtt = writeStoryboardVtt(
    [
      { ...tile, atSeconds: 0, x: 0 },
      { ...tile, atSeconds: 3599.9996, x: 160 },
    ],
    3601.5,
  )
  assert.equal(
    vtt,
    'WEBVTT\n\n00:00:00.000 --> 01:00:00.000\nstoryboard.jpg#xywh=0,0,160,90\n\n' +
      '01:00:00.000 --> 01:00:01.500\nstoryboard.jpg#xywh=160,0,160,90\n',
  )
  assert.match(withToken(vtt, 'a b&$&'), /storyboard\.jpg\?token=a%20b%26%24%26#xywh=0,0/)
})
