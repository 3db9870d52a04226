import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitInto } from '../../server/media/index.ts'
import { type PlaybackPlan, planOf } from '../../server/renditions/playback-plan.ts'

type Facts = Parameters<typeof planOf>[0]
const h264: Facts = { container: 'mp4', videoCodec: 'h264', audioCodec: 'aac', pixelFormat: 'yuv420p', fastStart: true }
const sound = (container: string, audioCodec: string): Facts => ({
  container,
  videoCodec: null,
  audioCodec,
  pixelFormat: null,
  fastStart: true,
})

const plans: [name: string, facts: Facts, kind: PlaybackPlan['kind']][] = [
  ['H.264 and AAC in a fast-start MP4', h264, 'as-is'],
  ['H.264 without sound', { ...h264, audioCodec: null }, 'as-is'],
  ['H.264 and MP3 in MP4', { ...h264, audioCodec: 'mp3' }, 'as-is'],
  ['H.264 and AAC in MOV', { ...h264, container: 'mov' }, 'as-is'],
  ['AV1 and Opus in MP4', { ...h264, videoCodec: 'av1', audioCodec: 'opus', pixelFormat: 'yuv420p10le' }, 'as-is'],
  ['VP9 and Opus in WebM', { ...h264, container: 'webm', videoCodec: 'vp9', audioCodec: 'opus' }, 'as-is'],
  ['VP8 and Vorbis in WebM', { ...h264, container: 'webm', videoCodec: 'vp8', audioCodec: 'vorbis' }, 'as-is'],
  ['an MP4 with its index at the end', { ...h264, fastStart: false }, 'remux'],
  ['an MP4 whose header says what is not so', { ...h264, faultless: false }, 'remux'],
  [
    'a WebM without its length, whose VP8 an MP4 can not hold',
    { ...h264, container: 'webm', videoCodec: 'vp8', audioCodec: 'opus', faultless: false },
    'transcode',
  ],
  ['MP3 without its length', { ...sound('mp3', 'mp3'), faultless: false }, 'as-is'],
  ['H.264 and AAC in Matroska', { ...h264, container: 'matroska' }, 'remux'],
  ['H.264 and AAC in MPEG-TS', { ...h264, container: 'mpegts' }, 'remux'],
  ['H.264 and PCM in MOV', { ...h264, container: 'mov', audioCodec: 'pcm_s16le' }, 'new-sound'],
  ['H.264 and G.711', { ...h264, audioCodec: 'pcm_alaw' }, 'new-sound'],
  ['H.264 and AC-3 in Matroska', { ...h264, container: 'matroska', audioCodec: 'ac3' }, 'new-sound'],
  ['10 bit H.264', { ...h264, pixelFormat: 'yuv420p10le' }, 'transcode'],
  ['4:4:4 H.264', { ...h264, pixelFormat: 'yuv444p' }, 'transcode'],
  ['HEVC', { ...h264, videoCodec: 'hevc' }, 'transcode'],
  ['Theora', { ...h264, container: 'ogg', videoCodec: 'theora', audioCodec: 'vorbis' }, 'transcode'],
  [
    'VP8 in Matroska, which an MP4 can not hold',
    { ...h264, container: 'matroska', videoCodec: 'vp8', audioCodec: 'vorbis' },
    'transcode',
  ],
  ['MPEG-4 part 2 in AVI', { ...h264, container: 'avi', videoCodec: 'mpeg4', audioCodec: 'mp3' }, 'transcode'],
  ['MP3', sound('mp3', 'mp3'), 'as-is'],
  ['AAC in M4A', sound('mp4', 'aac'), 'as-is'],
  ['WAV', sound('wav', 'pcm_s16le'), 'as-is'],
  ['FLAC', sound('flac', 'flac'), 'as-is'],
  ['Opus in Ogg', sound('ogg', 'opus'), 'as-is'],
  ['Apple Lossless', sound('mp4', 'alac'), 'new-sound'],
  ['E-AC-3 alone', sound('mp4', 'eac3'), 'new-sound'],
  ['an unknown container by any name', { ...h264, container: 'constructor' }, 'remux'],
]
for (const [name, facts, kind] of plans) test(`${name}: ${kind}`, () => assert.equal(planOf(facts).kind, kind))

test('a copy keeps the sound that an MP4 can hold, also when the picture is made anew', () => {
  const plan = planOf({ ...h264, container: 'avi', videoCodec: 'mpeg4', audioCodec: 'mp3' })
  assert.deepEqual([plan.picture, plan.sound], ['encode', 'copy'])
})

test('sizes are fitted in even numbers and never enlarged', () => {
  assert.deepEqual(fitInto({ width: 3840, height: 2160 }, 1920), { width: 1920, height: 1080 })
  assert.deepEqual(fitInto({ width: 2160, height: 3840 }, 1280), { width: 720, height: 1280 })
  assert.deepEqual(fitInto({ width: 427, height: 240 }, 1920), { width: 428, height: 240 })
  assert.deepEqual(fitInto({ width: 16000, height: 3 }, 1920), { width: 1920, height: 2 })
})
