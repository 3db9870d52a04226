import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { parseStats, qualityOf } from '../../server/renditions/frame-quality.ts'
import { makeThumbnail } from '../../server/renditions/make-thumbnail.ts'
import { film, mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { sourceOf } from './source-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())

/** Makes a film's thumbnail: its size and how telling it is; null when there is none. */
async function thumbnailOf(path: string) {
  using work = scratch()
  const target = work.file('picture')
  if (!(await makeThumbnail(await sourceOf(ffmpeg, path), target))) return null
  assert.deepEqual([...readFileSync(target).subarray(0, 3)], [0xff, 0xd8, 0xff])
  const input = { path: target, formats: ['jpeg_pipe', 'mjpeg', 'image2'], options: ['-f', 'mjpeg'] }
  const options = ['-vf', 'showinfo,format=yuv420p,signalstats,metadata=print:file=-', '-f', 'null']
  const printed = await ffmpeg.capture({ inputs: [input], options }, { timeoutSeconds: 20 })
  const stream = (await ffmpeg.probe(target, { formats: ['jpeg_pipe', 'mjpeg', 'image2'] })).streams[0]
  const stats = parseStats(printed)
  return { width: stream?.width, height: stream?.height, quality: stats ? qualityOf(stats) : 0 }
}

const films: [file: string, width: number, height: number][] = [
  ['video/googlework_tiny.mp4', 320, 180],
  ['video/sintel_5s.mp4', 854, 480],
  ['odd/bad_keyframe_flags.mp4', 320, 180],
  ['odd/sar_2x1.mp4', 1280, 360],
  ['odd/annexb_no_duration.mkv', 1280, 720],
  ['odd/androidx/mp4/portrait_4k60.mp4', 720, 1280],
  ['odd/androidx/mp4/sample_rotate_and_reflect.mp4', 720, 1080],
  ['odd/androidx/mp4/hdr10-av1.mp4', 720, 1280],
  ['odd/androidx/ts/bbb_2500ms.ts', 1280, 720],
  ['odd/transparent.webm', 200, 200],
]
for (const [file, width, height] of films) {
  test(`${file} has a picture that shows something`, { skip }, async () => {
    const picture = await thumbnailOf(mediaFile(file))
    assert.deepEqual([picture?.width, picture?.height], [width, height])
    assert.ok((picture?.quality ?? 0) > 3, `quality ${picture?.quality}`)
  })
}

test('a black film still has a picture', { skip }, async () => {
  const picture = await thumbnailOf(mediaFile('odd/androidx/mp4/silent-black-10s.mp4'))
  assert.deepEqual([picture?.width, picture?.height, picture?.quality], [320, 240, 0])
})

test('a film that is black at the usual places is searched for a brighter one', async () => {
  using work = scratch()
  const bright = "'between(t,7.2,7.8)'"
  const graph = `color=black:size=320x240:rate=25:duration=10[b];testsrc2=size=320x240:rate=25:duration=10[f];[b][f]overlay=enable=${bright}`
  // One keyframe only, at the beginning, and that one is black.
  const dark = film(
    work.file('dark.mp4'),
    '-filter_complex',
    graph,
    '-c:v',
    'libx264',
    '-g',
    '1000',
    '-sc_threshold',
    '0',
    '-preset',
    'ultrafast',
  )
  assert.ok(((await thumbnailOf(dark))?.quality ?? 0) > 50)
})

test('sound with a cover shows its cover, and without one nothing', { skip }, async () => {
  const cover = await thumbnailOf(mediaFile('odd/mp3_with_cover_art.mp3'))
  assert.deepEqual([cover?.width, cover?.height], [1280, 1092])
  const png = await thumbnailOf(mediaFile('odd/androidx/flac/bear_with_picture.flac'))
  assert.deepEqual([png?.width, png?.height], [372, 320])
  assert.equal(await thumbnailOf(mediaFile('odd/two_aac_tracks_audio_only.mp4')), null)
})
