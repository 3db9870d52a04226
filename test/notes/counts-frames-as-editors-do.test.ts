import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frameAfter, frameAt, frameRateOf, rationalSeconds } from '../../server/notes/frame-rate.ts'
import { frameOf, nameOf, timeCodeOf, timelineFrom } from '../../server/notes/time-code.ts'

const codes = (measured: number, isDropFrame = false) => ({ rate: frameRateOf(measured).rate, isDropFrame })

/**
 * Known values. Drop-frame: SMPTE ST 12-1 leaves out the numbers 0 and 1 (at 59.94: 0 to 3) of each minute that is no
 * multiple of ten; so ten minutes have 17 982 frames, an hour 107 892, a day 2 589 408 (at 59.94 twice as many).
 */
const known: [rate: number, isDropFrame: boolean, frame: number, code: string][] = [
  [29.97, true, 0, '00:00:00;00'],
  [29.97, true, 1799, '00:00:59;29'],
  [29.97, true, 1800, '00:01:00;02'],
  [29.97, true, 3597, '00:01:59;29'],
  [29.97, true, 3598, '00:02:00;02'],
  [29.97, true, 17_981, '00:09:59;29'],
  [29.97, true, 17_982, '00:10:00;00'],
  [29.97, true, 17_982 + 1800, '00:11:00;02'],
  [29.97, true, 107_892, '01:00:00;00'],
  [29.97, true, 2_589_407, '23:59:59;29'],
  [29.97, true, 2_589_408, '00:00:00;00'],
  [29.97, false, 1800, '00:01:00:00'],
  [29.97, false, 108_000, '01:00:00:00'],
  [59.94, true, 3599, '00:00:59;59'],
  [59.94, true, 3600, '00:01:00;04'],
  [59.94, true, 35_964, '00:10:00;00'],
  [59.94, true, 215_784, '01:00:00;00'],
  [59.94, false, 216_000, '01:00:00:00'],
  [23.976, false, 23, '00:00:00:23'],
  [23.976, false, 24, '00:00:01:00'],
  [23.976, false, 86_400, '01:00:00:00'],
  [24, false, 86_399, '00:59:59:23'],
  [25, false, 90_000, '01:00:00:00'],
  [30, false, 108_000, '01:00:00:00'],
  [48, false, 47, '00:00:00:47'],
  [50, false, 180_049, '01:00:00:49'],
  [60, false, 5_184_000, '00:00:00:00'],
]
for (const [rate, isDropFrame, frame, code] of known) {
  test(`frame ${frame} at ${rate}${isDropFrame ? ' DF' : ''} is called ${code}`, () => {
    assert.equal(timeCodeOf(frame, codes(rate, isDropFrame)), code)
    // Names begin again after a day.
    if (frame < 2_589_408) assert.equal(frameOf(code, codes(rate, isDropFrame)), frame)
  })
}

test('every frame of a day has a name of its own, and the name leads back to it', () => {
  for (const at of [codes(29.97, true), codes(59.94, true), codes(23.976), codes(25)]) {
    let before = ''
    for (let frame = 0; frame < 100_000; frame++) {
      const code = timeCodeOf(frame, at)
      assert.ok(code > before, `${before} → ${code}`)
      assert.equal(frameOf(code, at), frame)
      before = code
    }
  }
})

test('drop-frame codes keep up with the clock: an hour of 29.97 is out by less than four frames', () => {
  const frames = Math.round((3600 * 30_000) / 1001)
  assert.ok(Math.abs(frameOf('01:00:00;00', codes(29.97, true)) - frames) < 4)
  assert.ok(Math.abs(frameOf('01:00:00:00', codes(29.97)) - frames) > 100)
})

const impossible: [start: string, rate: number][] = [
  ['00:01:00;00', 29.97],
  ['00:01:00;01', 29.97],
  ['00:01:00;03', 59.94],
  ['01:00:00;00', 25],
  ['01:00:00;00', 23.976],
  ['01:00:00:25', 25],
  ['01:00:00:30', 29.97],
]
for (const [start, rate] of impossible) {
  test(`no frame is called ${start} at ${rate}, which is said`, () => {
    assert.throws(() => timelineFrom(start, frameRateOf(rate).rate), { code: 'request.invalid' })
  })
}

test('a semicolon makes it drop-frame; without a start, 29.97 and 59.94 are', () => {
  const named = (start: string | undefined, rate: number) => nameOf(timelineFrom(start, frameRateOf(rate).rate))
  assert.equal(named(undefined, 29.97), '29.97 DF')
  assert.equal(named('01:00:00:00', 29.97), '29.97 NDF')
  assert.equal(named('01:00:00;00', 59.94), '59.94 DF')
  assert.equal(named(undefined, 25), '25')
  assert.equal(timelineFrom('01:00:00;00', frameRateOf(29.97).rate).firstFrame, 107_892)
})

const rates: [measured: number | null, name: string, isSaid: boolean][] = [
  [23.976, '23.976', false],
  [24, '24', false],
  [25, '25', false],
  [29.97, '29.97', false],
  [29.966, '29.97', false],
  [30, '30', false],
  [50, '50', false],
  [59.94, '59.94', false],
  [60, '60', false],
  [null, '25', true],
  [Number.NaN, '25', true],
  [12.5, '25', true],
  [15, '30', true],
  [119.88, '59.94', true],
  [240, '60', true],
  [26.3, '25', true],
  [28.4, '29.97', true],
  [1, '23.976', true],
]
for (const [measured, name, isSaid] of rates) {
  test(`${measured} frames a second are counted as ${name}${isSaid ? ', which is said' : ''}`, () => {
    const { rate, remark } = frameRateOf(measured)
    assert.deepEqual([rate.name, remark !== null], [name, isSaid])
  })
}

test('a second means the frame that is shown then, also when it was cut to milliseconds', () => {
  const { rate } = frameRateOf(29.97)
  for (const frame of [0, 1, 2, 29, 30, 1001, 53_999]) {
    const exact = (frame * 1001) / 30_000
    assert.equal(frameAt(exact, rate), frame)
    assert.equal(frameAt(Math.floor(exact * 1000) / 1000, rate), frame)
    assert.equal(frameAt(exact + 0.02, rate), frame)
    assert.equal(frameAfter(exact, rate), frame)
    assert.equal(frameAfter(exact + 0.02, rate), frame + 1)
  }
})

test('times are rational numbers of seconds on the frames', () => {
  assert.equal(rationalSeconds(1, frameRateOf(29.97).rate), '1001/30000s')
  assert.equal(rationalSeconds(107_892, frameRateOf(29.97).rate), '107999892/30000s')
  assert.equal(rationalSeconds(25, frameRateOf(25).rate), '25/25s')
  assert.equal(rationalSeconds(0, frameRateOf(24).rate), '0s')
})
