import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { RushesError } from '../../client-sdk/src/index.ts'
import { film, media, scratch, skip } from '../ffmpeg/films.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { type Told, toldThroughout } from './odd-film.ts'

let app: TestApp
const work = scratch()
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MEDIA_THREADS: '2' } })
})
after(async () => {
  await app[Symbol.asyncDispose]()
  work[Symbol.dispose]()
})

const mp4 = 'files/odd/androidx/mp4'
const mkv = 'files/odd/androidx/mkv'

/** What is odd about it, where it lies, and what it is: seconds, upright size, and the streams that browsers get. */
const films: [odd: string, file: string, seconds: number, size: string | null, streams: string][] = [
  ['upside down, frames at any time', 'files/odd/phone_rotated180_vfr.mp4', 2.38, '1280x720', 'h264 aac'],
  ['lying on its side', `${mp4}/internal_emulator_transformer_output_270_rotated.mp4`, 4.97, '720x1280', 'h264 aac'],
  ['turned and mirrored', `${mp4}/sample_rotate_and_reflect.mp4`, 1.02, '720x1080', 'h264 aac'],
  ['upright', `${mp4}/sample_portrait.mp4`, 1.09, '720x1080', 'h264 aac'],
  ['pixels twice as wide as high', 'files/odd/sar_2x1.mp4', 5, '1280x360', 'h264'],
  ['no sound', `${mp4}/sample_video_only.mp4`, 1, '1080x720', 'h264'],
  ['the sound ends early', `${mp4}/sample_shorter_audio.mp4`, 1.2, '320x240', 'h264 aac'],
  ['sound alone', `${mp4}/sample_audio_only_15s.mp4`, 15.02, null, 'aac'],
  ['two sounds, no picture', 'files/odd/two_aac_tracks_audio_only.mp4', 5.01, null, 'aac'],
  ['sound that browsers lack', `${mp4}/sample_eac3.mp4`, 1.73, null, 'aac'],
  ['sound as raw samples', `${mp4}/sowt-with-video.mov`, 2, '1920x1080', 'h264 aac'],
  ['10 bit, HDR', `${mp4}/hdr10-video-with-sdr-container.mp4`, 1.02, '1920x1080', 'h264 aac'],
  ['hybrid log-gamma, sound first', `${mp4}/hlg10-color-test.mp4`, 0.3, '1920x1080', 'h264 aac'],
  ['Dolby Vision from a telephone', `${mp4}/dolbyVision-hdr.MOV`, 0.11, '720x1280', 'h264 aac'],
  ['two eyes in one stream', `${mp4}/water_180_mvhevc_5frames.mov`, 0.06, '1934x2160', 'h264'],
  ['two pictures, one of stills', `${mp4}/pixel-motion-photo-2-hevc-tracks.mp4`, 2.1, '768x1024', 'h264'],
  ['a track with nothing in it', `${mp4}/sample_empty_track.mp4`, 1.07, '1080x720', 'h264 aac'],
  ['index last', 'files/video/googlework_tiny.mp4', 3.87, '320x180', 'h264 aac'],
  ['fragments without a length', `${mp4}/sample_fragmented.mp4`, 1.06, '1080x720', 'h264 aac'],
  ['an edit list that shifts', `${mp4}/edit_list_positive_shift.mp4`, 10, '1920x1080', 'h264 aac'],
  [
    'begins before its first keyframe',
    `${mp4}/sample_edit_list_no_sync_frame_before_edit.mp4`,
    2.77,
    '1080x1920',
    'h264 aac',
  ],
  ['cut off half-way', 'derived/truncated_half_faststart.mp4', 18.01, '320x180', 'h264 aac'],
  ['frames longer than the file', `${mp4}/sample_mdat_too_long.mp4`, 1.08, '1080x720', 'h264 aac'],
  ['its sound is not described', `${mp4}/sample_missing_stsd.mp4`, 1.02, '1080x720', 'h264'],
  ['a broken unit in the picture', `${mp4}/sample_with_invalid_nalu.mp4`, 1, '1080x720', 'h264'],
  ['no list of keyframes', `${mp4}/sample_without_stss.mp4`, 1, '1080x720', 'h264'],
  ['false list of keyframes', 'files/odd/bad_keyframe_flags.mp4', 5, '320x180', 'h264 aac'],
  ['begins late', 'files/odd/delayed_start.mp4', 0.96, '480x320', 'h264'],
  ['chapters', `${mp4}/sample_with_chapters.mp4`, 1.09, '1080x720', 'h264 aac'],
  ['black and silent', `${mp4}/silent-black-10s.mp4`, 10, '320x240', 'h264 aac'],
  ['from an old telephone (H.263)', `${mp4}/bbb_176x144_128kbps_15fps_h263.3gp`, 1, '176x144', 'h264'],
  ['AV1', `${mp4}/sample_av1.mp4`, 1.09, '1080x720', 'av1 aac'],
  [
    'an AVI that claims to be longer',
    'files/odd/androidx/avi/sample-with-large-length.avi',
    1.97,
    '256x144',
    'h264 mp3',
  ],
  ['an AVI of MPEG-4', 'files/odd/avi_mpeg4_mp3.avi', 1.04, '427x240', 'h264 mp3'],
  ['a broadcast (MPEG-2)', 'files/odd/androidx/ts/sample_h262_mpeg_audio.ts', 0.11, '640x426', 'h264 aac'],
  ['keyframes alone', 'files/odd/androidx/ts/sample_h264_iframes_only.ts', 1, '854x480', 'h264'],
  ['VP9 alone', `${mkv}/bbb_642x642_768kbps_30fps_vp9.webm`, 2.97, '642x642', 'vp9'],
  ['VP9 that calls itself VP8', `${mkv}/bbb_960x540_60fps_vp8.webm`, 1.01, '960x540', 'vp9 vorbis'],
  ['transparent', 'files/odd/transparent.webm', 5, '200x200', 'vp9 vorbis'],
  ['colours in full (4:4:4)', `${mkv}/sample_with_chapters.mkv`, 5.02, '320x240', 'h264 aac'],
  ['captions as pictures', `${mkv}/sample_with_pgs_subtitles.mkv`, 1.24, '1080x720', 'h264 aac'],
  ['captions that overlap', `${mkv}/sample_with_overlapping_srt.mkv`, 1.07, '1080x720', 'h264 aac'],
  ['many clusters', 'files/odd/multi_cluster.mkv', 5, '320x240', 'h264'],
  ['a cover beside the sound', 'files/odd/mp3_with_cover_art.mp3', 1.02, null, 'mp3'],
  ['sounds joined badly', 'files/odd/malformed_join.mp3', 8.56, null, 'mp3'],
  ['lossless, with a cover', 'files/odd/androidx/flac/bear_with_picture.flac', 2.74, null, 'flac'],
  ['Opus alone', 'files/odd/androidx/ogg/bear.opus', 2.75, null, 'opus'],
]

/** What is odd about it, where it lies, and what its refusal says. */
const refused: [odd: string, file: string, sentence: RegExp][] = [
  ['nothing at all', 'derived/zero_bytes.mp4', /an empty file/],
  ['a page under a false name', 'derived/text_named.mp4', /an HTML page/],
  ['its index was cut off', 'derived/truncated_moov_lost.mp4', /moov.*cut off/],
  ['a box without bounds', `${mp4}/sample_malformed_free_box.mp4`, /begins like video\/mp4/],
  ['a picture that nobody knows (VVC)', `${mp4}/sample_vvc.mp4`, /picture \(vvc1\) can't be decoded/],
  ['sound that nobody knows (AC-4)', `${mp4}/sample_ac4.mp4`, /sound .* can't be decoded/],
  ['sound that nobody knows (MPEG-H)', `${mp4}/sample_mpegh_mhm1.mp4`, /sound \(mpegh_3d_audio\) can't be decoded/],
  ['an index, and no film', `${mp4}/large_stbl_truncated_after_moov.m4b`, /sound \(aac\) can't be decoded/],
  ['the head of a film in pieces', 'files/odd/androidx/hls/multi-segment/init.mp4', /can't be decoded/],
  ['a playlist', 'files/odd/androidx/hls/multi-segment/playlist.m3u8', /an HLS playlist/],
  ['garbage before the sound', 'files/odd/androidx/mp3/200kB-garbage-prefix.mp3', /unknown kind/],
  ['a picture that moves', 'files/video/intel_preview_classroom.gif', /a GIF picture/],
  ['captions', 'files/subtitles/paulallen_en.vtt', /a WebVTT subtitle file/],
]

const inMedia = (file: string) => join(media, file)
const foldersKept = () => readdirSync(join(app.dataDirectory, 'blobs/videos')).sort()

describe('odd films become what they are', { skip, concurrency: 3 }, () => {
  films.forEach(([odd, file, seconds, size, streams], place) => {
    test(`${odd}: ${file}`, async () => {
      const video = await app.rushes.videos.upload(inMedia(file))
      const told: Told = await toldThroughout(app, video, work.file(`stream-${place}`))
      assert.deepEqual([told.size, told.streams], [size, streams])
      assert.ok(Math.abs(told.durationSeconds - seconds) < 0.06, `${told.durationSeconds} s, not ${seconds}`)
    })
  })
})

test('recorded by a browser, which writes no length', async () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=15:d=3', '-f', 'lavfi', '-i', 'sine=d=3']
  const codecs = ['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus', '-live', '1', '-f', 'webm']
  const video = await app.rushes.videos.upload(film(work.file('recorded.webm'), ...picture, ...codecs))
  const told = await toldThroughout(app, video, work.file('stream-recorded'))
  assert.deepEqual([told.size, told.streams], ['160x90', 'h264 opus'])
  assert.ok(Math.abs(told.durationSeconds - 3) < 0.1, `${told.durationSeconds} s`)
})

test('what is no film is refused, and nothing of it stays', { skip }, async t => {
  const before = foldersKept()
  for (const [odd, file, sentence] of refused) {
    await t.test(`${odd}: ${file}`, () =>
      assert.rejects(
        app.rushes.videos.upload(inMedia(file)),
        (fault: RushesError) => fault.code === 'upload.unsupported_media' && sentence.test(fault.message),
      ),
    )
  }
  assert.deepEqual(foldersKept(), before)
})

/** The same numbers for the same seed, from 0 to 1. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A hundredth of its bytes changed, in the head most of all; every third one also cut off. */
function spoilt(bytes: Buffer, seed: number): Buffer {
  const next = numbersFrom(seed)
  const spoiling = Buffer.from(bytes)
  for (let count = spoiling.length / 500; count > 0; count--)
    spoiling[16 + Math.floor(next() ** 3 * (spoiling.length - 16))] = Math.floor(next() * 256)
  return seed % 3 === 0 ? spoiling.subarray(0, Math.floor(spoiling.length * next())) : spoiling
}

test('a film with spoilt bytes is refused, or ends in a state that says what it is', { skip }, async () => {
  const sources = [
    `${mp4}/sample_av1.mp4`,
    `${mkv}/sample_with_chapters.mkv`,
    'files/odd/androidx/avi/sample-with-large-length.avi',
    'files/odd/androidx/ts/sample_h262_mpeg_audio.ts',
  ]
  const before = foldersKept()
  const kept: string[] = []
  await Promise.all(
    sources.map(async (file, place) => {
      for (const seed of [1, 2, 3]) {
        const bytes = spoilt(readFileSync(inMedia(file)), 10 * place + seed)
        try {
          const { id } = await app.rushes.videos.upload(new File([new Uint8Array(bytes)], 'spoilt'))
          kept.push(id)
          await app.rushes.videos.untilReady(id)
        } catch (fault) {
          assert.ok(fault instanceof RushesError)
          assert.match(fault.code, /^(upload\.unsupported_media|media\.(failed|timeout)|video\.too_long)$/)
        }
      }
    }),
  )
  assert.deepEqual(foldersKept(), [...before, ...kept].sort())
  assert.notEqual((await app.rushes.health()).status, 'down')
})
