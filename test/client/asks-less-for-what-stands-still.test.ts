import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Video } from '../../client-sdk/src/index.ts'
import { libraryGapMs, whatMoves } from '../../client-sdk/src/react/library-pace.ts'

const video = (status: Video['status'], percent = 0) => ({ id: 'a', status, progress: { percent } }) as Video
const minuteMs = 60_000

/** How often a library asks while nothing in it changes. */
function askedIn(hours: number, videos: Video[]): number {
  let times = 0
  for (let silentMs = 0; silentMs < hours * 60 * minuteMs; times += 1)
    silentMs += libraryGapMs(whatMoves(videos), silentMs)
  return times
}

test('an upload whose sender is gone costs a library no more than one in which nothing moves', () => {
  const calm = askedIn(24, [video('ready')])
  for (const status of ['waiting_for_upload', 'uploading', 'processing', 'transcribing'] as const)
    assert.ok(askedIn(24, [video(status)]) - calm < 30, `${status}: ${askedIn(24, [video(status)])} for ${calm}`)
})

test('what moves is followed at once, again and again', () => {
  const before = whatMoves([video('processing', 10), video('ready')])
  assert.notEqual(before, whatMoves([video('processing', 11), video('ready')]))
  assert.notEqual(before, whatMoves([video('transcribing', 10), video('ready')]))
  assert.equal(before, whatMoves([video('processing', 10), video('ready'), video('error')]))
  assert.ok(libraryGapMs(before, 0) < 2_000)
  assert.ok(libraryGapMs(before, 4_000) < 2_000)
})
