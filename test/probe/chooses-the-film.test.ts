import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MediaStream } from '../../server/media/index.ts'
import { asShown, chooseAudio, chooseVideo } from '../../server/probe/streams.ts'

const picture = (changes: Partial<MediaStream>): MediaStream => ({
  ...{ index: 0, kind: 'video', codec: 'h264', codecTag: 'avc1', profile: null, width: 1280, height: 720 },
  ...{ rotation: 0, sampleAspectRatio: 1, frameRate: 25, pixelFormat: 'yuv420p', colorTransfer: null },
  ...{
    interlaced: false,
    attachedPicture: false,
    default: false,
    channels: null,
    language: null,
    startSeconds: 0,
    durationSeconds: null,
  },
  ...changes,
})
const sound = (changes: Partial<MediaStream>) =>
  picture({ kind: 'audio', codec: 'aac', width: null, height: null, ...changes })

test('a cover is no film, even when it comes first', () => {
  const streams = [picture({ index: 0, codec: 'mjpeg', attachedPicture: true }), picture({ index: 1 })]
  assert.equal(chooseVideo(streams)?.index, 1)
  assert.equal(chooseVideo(streams.slice(0, 1)), null)
})

test('a track of stills beside the film is passed over, even when it comes first and is the default', () => {
  const streams = [
    picture({ index: 0, frameRate: 1.1, width: 4000, default: true }),
    picture({ index: 1, frameRate: 29.9 }),
  ]
  assert.equal(chooseVideo(streams)?.index, 1)
})

test('of several films the default is taken', () => {
  assert.equal(chooseVideo([picture({ index: 0 }), picture({ index: 1, default: true })])?.index, 1)
})

test('a film of unknown codec is chosen when there is no other, to be refused by name', () => {
  assert.equal(chooseVideo([picture({ index: 3, codec: null, codecTag: 'vvc1' })])?.codecTag, 'vvc1')
})

test('sound that can be decoded goes before sound that can not', () => {
  assert.equal(chooseAudio([sound({ index: 1, codec: null, default: true }), sound({ index: 2 })])?.index, 2)
})

test('size is as shown: pixel shape first, then rotation', () => {
  const shown = asShown(picture({ width: 720, height: 576, sampleAspectRatio: 64 / 45, rotation: 90 }))
  assert.deepEqual([shown.width, shown.height], [576, 1024])
})

test('a thousand frames a second are not believed', () => {
  assert.equal(asShown(picture({ frameRate: 1000 })).frameRate, null)
  assert.equal(asShown(picture({ frameRate: 240 })).frameRate, 240)
})
