import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { makePlayback } from '../../server/renditions/make-playback.ts'
import { type PlaybackPlan, playbackPlan } from '../../server/renditions/playback-plan.ts'
import { film, mediaFile, scratch, skip } from '../ffmpeg/films.ts'
import { sourceOf } from './source-of.ts'

const ffmpeg = createFfmpeg({ threads: 1 })
after(() => ffmpeg.stop())

/** Makes the copy of a film and tells what it is. */
async function copyOf(path: string, target: string) {
  const source = await sourceOf(ffmpeg, path)
  const plan = playbackPlan(source.record)
  await makePlayback(source, plan, target)
  const { record: copy } = await sourceOf(ffmpeg, target)
  return { plan, copy, original: source.record, percents: source.percents }
}

const films: [file: string, kind: PlaybackPlan['kind'], size: [number | null, number | null]][] = [
  ['video/googlework_tiny.mp4', 'remux', [320, 180]],
  ['odd/multi_cluster.mkv', 'remux', [320, 240]],
  ['odd/annexb_no_duration.mkv', 'remux', [1920, 1080]],
  ['odd/androidx/ts/sample_h264_iframes_only.ts', 'remux', [854, 480]],
  ['odd/androidx/mp4/internal_emulator_transformer_output_270_rotated.mp4', 'remux', [720, 1280]],
  ['odd/androidx/mp4/sowt-with-video.mov', 'new-sound', [1920, 1080]],
  ['odd/androidx/mkv/sample_with_srt.mkv', 'new-sound', [1080, 720]],
  ['odd/androidx/mp4/sample_eac3.mp4', 'new-sound', [null, null]],
  ['odd/androidx/avi/sample-with-large-length.avi', 'remux', [256, 144]],
  ['odd/avi_mpeg4_mp3.avi', 'transcode', [428, 240]],
  ['odd/delayed_start.mp4', 'transcode', [480, 320]],
  ['odd/androidx/mkv/sample_with_chapters.mkv', 'transcode', [320, 240]],
  ['odd/androidx/mp4/dolbyVision-hdr.MOV', 'transcode', [720, 1280]],
  ['odd/androidx/mp4/mv_with_2_top_shots.mp4', 'transcode', [1080, 1440]],
  ['odd/androidx/mp4/bbb_176x144_128kbps_15fps_h263.3gp', 'transcode', [176, 144]],
  ['odd/androidx/ts/sample_h262_mpeg_audio.ts', 'transcode', [640, 426]],
]

for (const [file, kind, size] of films) {
  test(`${file} becomes a film that browsers play at once (${kind})`, { skip }, async () => {
    using work = scratch()
    const { plan, copy, original } = await copyOf(mediaFile(file), work.file('copy'))
    assert.equal(plan.kind, kind)
    assert.equal(playbackPlan(copy).kind, 'as-is')
    assert.deepEqual([copy.video.width, copy.video.height], size)
    assert.equal(copy.audioStream === null, original.audioStream === null)
    const drift = Math.abs(copy.video.durationSeconds - original.video.durationSeconds)
    assert.ok(drift < 0.25, `${original.video.durationSeconds} s became ${copy.video.durationSeconds} s`)
  })
}

test('non-square pixels become square ones', async () => {
  using work = scratch()
  const wide = film(
    work.file('wide.avi'),
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=320x240:duration=1',
    '-vf',
    'setsar=2',
    '-c:v',
    'mpeg4',
  )
  const { copy } = await copyOf(wide, work.file('copy'))
  assert.deepEqual([copy.video.width, copy.video.height], [640, 240])
})

test('a large film is made smaller and its progress reported', async () => {
  using work = scratch()
  const generator = ['-f', 'lavfi', '-i', 'testsrc2=size=2560x1440:duration=2:rate=25', '-c:v', 'mpeg4', '-q:v', '8']
  const { copy, percents } = await copyOf(film(work.file('large.avi'), ...generator), work.file('copy'))
  assert.deepEqual([copy.video.width, copy.video.height], [1920, 1080])
  assert.ok(
    percents.length > 1 && percents.every((percent, index) => percent >= (percents[index - 1] ?? 0)),
    String(percents),
  )
  assert.ok((percents.at(-1) ?? 0) > 90 && (percents.at(-1) ?? 0) < 100, String(percents))
})
