import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { encodeWav, openWav } from '../../server/media/index.ts'
import { findWindows, frameSeconds } from '../../server/transcripts/audio/find-windows.ts'
import { audioWindows } from '../../server/transcripts/audio/listen.ts'

const rate = 16_000
const signal = new AbortController().signal

/** [seconds, loud] → samples: noise that a fixed sequence makes, or nearly nothing. */
function makeSamples(parts: [seconds: number, loud: boolean][]): Int16Array {
  let state = 1
  const noise = () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 1073741824 - 1
  }
  return Int16Array.from(
    parts.flatMap(([seconds, loud]) => Array.from({ length: seconds * rate }, () => noise() * (loud ? 8000 : 4))),
  )
}

async function windowsOf(parts: [seconds: number, loud: boolean][], maxSeconds = 28) {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-test-'))
  try {
    const path = join(directory, 'audio.wav')
    await writeFile(path, encodeWav(makeSamples(parts)))
    const windows: number[][] = []
    for await (const { startSeconds, endSeconds, samples } of audioWindows(path, maxSeconds, signal)) {
      assert.equal(Math.round((endSeconds - startSeconds) * rate), samples.length)
      windows.push([Math.round(startSeconds * 10) / 10, Math.round(endSeconds * 10) / 10])
    }
    return windows
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

test('long silences are left out, with a margin around what sounds', async () => {
  assert.deepEqual(
    await windowsOf([
      [3, false],
      [4, true],
      [5, false],
      [2, true],
      [3, false],
    ]),
    [
      [2.8, 7.2],
      [11.8, 14.2],
    ],
  )
})

test('short pauses do not end a window', async () => {
  assert.deepEqual(
    await windowsOf([
      [2, true],
      [1, false],
      [2, true],
      [1.5, false],
      [2, true],
    ]),
    [[0, 8.5]],
  )
})

test('what sounds on and on is cut in its pauses, never over the limit', async () => {
  const windows = await windowsOf([
    [20, true],
    [0.6, false],
    [15, true],
    [0.6, false],
    [20, true],
  ])
  assert.deepEqual(windows, [
    [0, 20.3],
    [20.3, 35.9],
    [35.9, 56.2],
  ])
})

test('a click is no speech, and silence has no windows', async () => {
  assert.deepEqual(
    await windowsOf([
      [5, false],
      [0.05, true],
      [5, false],
    ]),
    [],
  )
  assert.deepEqual(await windowsOf([[5, false]]), [])
})

test('noise without a pause is covered whole, in windows under the limit', () => {
  const windows = findWindows(new Float32Array(100 / frameSeconds).fill(-20), 28)
  assert.equal(windows[0]?.from, 0)
  assert.equal(windows.at(-1)?.to, 100 / frameSeconds)
  for (const [at, { from, to }] of windows.entries()) {
    assert.ok((to - from) * frameSeconds <= 28)
    assert.equal(from, windows[at - 1]?.to ?? 0)
  }
})

test('what is no WAV of ours is refused', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-test-'))
  try {
    for (const [name, bytes] of [
      ['empty', ''],
      ['text', 'RIFF or not'],
      ['cut', encodeWav(new Int16Array(10)).subarray(0, 30)],
    ] as const) {
      await writeFile(join(directory, name), bytes)
      await assert.rejects(openWav(join(directory, name)), { code: 'media.failed' })
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
