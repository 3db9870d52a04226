import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createFfmpeg } from '../../server/media/index.ts'
import { createProbe, type Inspection } from '../../server/probe/index.ts'
import { media, mediaFile, skip } from '../ffmpeg/films.ts'

const ffmpeg = createFfmpeg({ threads: 2 })
const probe = createProbe({ ffmpeg, limits: { maxDurationSeconds: 3600 } })
after(() => ffmpeg.stop())

const mp4 = 'odd/androidx/mp4'
const mkv = 'odd/androidx/mkv'

/** A file, and what is expected of its inspection. */
const films: [file: string, facts: Partial<Inspection>][] = [
  [
    'video/googlework_tiny.mp4',
    {
      container: 'mp4',
      contentType: 'video/mp4',
      videoCodec: 'h264',
      audioCodec: 'aac',
      fastStart: false,
      frameRate: 15,
    },
  ],
  ['odd/phone_rotated180_vfr.mp4', { width: 1280, height: 720, frameRate: 10.505, fastStart: true }],
  ['odd/portrait_1080x1920.mp4', { width: 1080, height: 1920 }],
  ['odd/sar_2x1.mp4', { width: 1280, height: 360, audioCodec: null, audioStream: null }],
  [
    'odd/avi_mpeg4_mp3.avi',
    { container: 'avi', videoCodec: 'mpeg4', audioCodec: 'mp3', width: 427, height: 240, fastStart: true },
  ],
  [`${mp4}/internal_emulator_transformer_output_270_rotated.mp4`, { width: 720, height: 1280 }],
  [`${mp4}/portrait_4k60.mp4`, { width: 2160, height: 3840, frameRate: 60.058 }],
  [`${mp4}/sample_rotate_and_reflect.mp4`, { width: 720, height: 1080 }],
  [`${mp4}/sample_fragmented.mp4`, { durationSeconds: 1.06, fastStart: true }],
  ['odd/annexb_no_duration.mkv', { durationSeconds: 35.19, container: 'matroska', contentType: 'video/matroska' }],
  ['video/developer_stories_truncated.webm', { durationSeconds: 13.84, container: 'webm' }],
  [`${mp4}/sample_mdat_too_long.mp4`, { durationSeconds: 1.08 }],
  [`${mp4}/sample_empty_track.mp4`, { videoStream: 0, audioStream: 2 }],
  [`${mp4}/mv_with_2_top_shots.mp4`, { videoStream: 0, width: 1080, height: 1440 }],
  [`${mp4}/pixel-motion-photo-2-hevc-tracks.mp4`, { videoStream: 0, width: 768, height: 1024 }],
  [`${mp4}/hlg10-color-test.mp4`, { videoStream: 1, audioStream: 0, pixelFormat: 'yuv420p10le', fastStart: true }],
  [`${mp4}/dolbyVision-hdr.MOV`, { container: 'mov', contentType: 'video/quicktime', width: 720, height: 1280 }],
  [`${mp4}/sample_missing_stsd.mp4`, { videoCodec: 'h264', audioCodec: null }],
  [`${mp4}/bbb_176x144_128kbps_15fps_h263.3gp`, { videoCodec: 'h263', container: 'mp4' }],
  ['video/chrome_ad_theora.ogv', { container: 'ogg', contentType: 'video/ogg', videoStream: 1, videoCodec: 'theora' }],
  ['odd/transparent.webm', { container: 'webm', videoCodec: 'vp9', audioCodec: 'vorbis' }],
  ['odd/androidx/ts/bbb_2500ms.ts', { container: 'mpegts', contentType: 'video/mp2t', videoCodec: 'mpeg2video' }],
  [
    'odd/mp3_with_cover_art.mp3',
    { container: 'mp3', contentType: 'audio/mpeg', width: null, videoCodec: null, videoStream: null },
  ],
  ['odd/androidx/flac/bear_with_picture.flac', { container: 'flac', videoCodec: null, audioCodec: 'flac' }],
  ['odd/music.wav', { container: 'wav', contentType: 'audio/wav', frameRate: null }],
  ['odd/two_aac_tracks_audio_only.mp4', { contentType: 'audio/mp4', audioStream: 0 }],
  ['odd/androidx/ogg/bear.opus', { container: 'ogg', contentType: 'audio/ogg', audioCodec: 'opus' }],
  ['odd/mp4_tx3g_subtitles.mp4', { subtitleStreams: [{ index: 2, codec: 'mov_text', language: 'eng' }] }],
  ['odd/mkv_ass_fonts.mkv', { subtitleStreams: [{ index: 2, codec: 'ass', language: 'eng' }] }],
  [
    `${mkv}/sample_with_srt.mkv`,
    { subtitleStreams: [{ index: 2, codec: 'subrip', language: 'eng' }], frameRate: null, audioCodec: 'ac3' },
  ],
  [`${mkv}/sample_with_pgs_subtitles.mkv`, { subtitleStreams: [] }],
]

for (const [file, facts] of films) {
  test(`${file} is told right`, { skip }, async () => {
    const found = await probe.inspect(mediaFile(file), { filename: file })
    assert.deepEqual(Object.fromEntries(Object.keys(facts).map(key => [key, found[key as keyof Inspection]])), facts)
  })
}

/** A file, and what its refusal must say. */
const refused: [file: string, sentence: RegExp][] = [
  ['derived/text_named.mp4', /an HTML page/],
  ['derived/zero_bytes.mp4', /an empty file/],
  ['derived/truncated_moov_lost.mp4', /begins like video\/mp4.*moov.*cut off/],
  [`files/${mp4}/sample_malformed_free_box.mp4`, /begins like video\/mp4/],
  [`files/${mp4}/sample_vvc.mp4`, /picture \(vvc1\) can't be decoded/],
  [`files/${mp4}/sample_ac4.mp4`, /sound .* can't be decoded/],
  [`files/${mp4}/sample_mpegh_mhm1.mp4`, /sound \(mpegh_3d_audio\) can't be decoded/],
  [`files/${mp4}/large_stbl_truncated_after_moov.m4b`, /sound \(aac\) can't be decoded/],
  ['files/odd/androidx/hls/multi-segment/init.mp4', /can't be decoded/],
  ['files/odd/androidx/hls/multi-segment/playlist.m3u8', /an HLS playlist/],
  ['files/odd/androidx/hls/multi-segment/playlist0.m4s', /unknown kind/],
  ['files/odd/androidx/mp3/200kB-garbage-prefix.mp3', /unknown kind/],
  ['files/images/two_people.jpg', /a JPEG picture/],
  ['files/video/intel_preview_classroom.gif', /a GIF picture/],
  ['files/subtitles/paulallen_en.vtt', /a WebVTT subtitle file/],
  ['files/subtitles/moviepy_subtitles.srt', /a SubRip subtitle file/],
  ['MANIFEST.json', /a JSON file/],
]

for (const [file, message] of refused) {
  test(`${file} is refused with a reason`, { skip }, async () => {
    await assert.rejects(probe.inspect(`${media}/${file}`, { filename: file }), {
      code: 'upload.unsupported_media',
      message,
    })
  })
}

test('a film over the limit is refused by a sentence that names the limit', { skip }, async () => {
  const strict = createProbe({ ffmpeg, limits: { maxDurationSeconds: 10 } })
  const long = strict.inspect(mediaFile('video/intel_car-detection.mp4'), { filename: 'long.mp4' })
  await assert.rejects(long, { code: 'video.too_long', message: /00:00:30.*00:00:10/ })
})

test('an abort ends an inspection with its reason', { skip }, async () => {
  const signal = AbortSignal.abort(new Error('gone'))
  await assert.rejects(probe.inspect(mediaFile('odd/sar_2x1.mp4'), { filename: 'a.mp4', signal }), /gone/)
})
