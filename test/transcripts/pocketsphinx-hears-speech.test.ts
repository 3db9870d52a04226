import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPocketsphinx } from '../../server/transcripts/engines/pocketsphinx.ts'
import { plausibleWords, readWordLine } from '../../server/transcripts/engines/pocketsphinx-words.ts'
import { listen, openFolder, silence, speak, writeAudio } from './speech.ts'

const engine = createPocketsphinx()
const { available, reason } = await engine.check().catch(fault => ({ available: false, reason: String(fault) }))
const skip = !available && reason
const sentence = 'we decided to launch the new product in october.'
const spoken = 'we decided to launch the new product in october'

test('a spoken sentence comes back word for word', { skip }, async () => {
  await using folder = await openFolder()
  const {
    segments,
    words,
    language,
    engine: name,
  } = await listen(engine, await writeAudio(folder.path, [silence(0.5), await speak(sentence), silence(0.5)]))
  assert.deepEqual(
    segments.map(segment => segment.text),
    [spoken],
  )
  assert.deepEqual([language, name], ['en', 'pocketsphinx'])
  for (const { confidence = -1, endSeconds, startSeconds } of words)
    assert.ok(confidence >= 0 && confidence <= 1 && endSeconds > startSeconds)
})

test('times hold within 0.3 s over minutes with pauses of any length', { skip }, async () => {
  await using folder = await openFolder()
  const speech = await speak(sentence)
  const pauses = [0.4, 5, 1, 20, 0.7, 3, 45, 2, 0.5, 30]
  const input = await writeAudio(
    folder.path,
    pauses.flatMap(seconds => [silence(seconds), speech]),
  )
  const { words, percents } = await listen(engine, input)
  const starts = words.filter(({ word }) => word === 'we').map(({ startSeconds }) => startSeconds)
  const ends = words.filter(({ word }) => word === 'october').map(({ endSeconds }) => endSeconds)
  assert.deepEqual([starts.length, ends.length], [pauses.length, pauses.length])
  const length = speech.length / 16_000
  let at = 0
  for (const [index, pause] of pauses.entries()) {
    at += pause
    assert.ok(Math.abs((starts[index] ?? 0) - at) < 0.3, `sentence ${index} begins at ${at}, heard at ${starts[index]}`)
    at += length
    assert.ok(Math.abs((ends[index] ?? 0) - at) < 0.3, `sentence ${index} ends at ${at}, heard at ${ends[index]}`)
  }
  assert.deepEqual(
    percents,
    percents.toSorted((a, b) => a - b),
  )
})

test('an abort ends it at once, with the reason', { skip }, async () => {
  await using folder = await openFolder()
  const input = await writeAudio(folder.path, Array(10).fill(await speak(sentence)))
  const aborting = new AbortController()
  const reason = new Error('the video is gone')
  const heard = listen(engine, input, aborting.signal)
  setImmediate(() => aborting.abort(reason))
  await assert.rejects(heard, reason)
})

test('a tool that is not there is said to be missing', async () => {
  await assert.rejects(
    createPocketsphinx({ program: 'no-such-recogniser' }).check(),
    /There is no no-such-recogniser here/,
  )
})

test('lines of the tool are read; noises and marks are no words, variants lose their number', () => {
  assert.deepEqual(readWordLine('to(2) 3.560 3.690 0.880457'), {
    word: 'to',
    startSeconds: 3.56,
    endSeconds: 3.69,
    confidence: 0.880457,
  })
  for (const line of [
    '<s> 0.090 0.150 0.999600',
    '<sil> 2.8 2.9 0.5',
    '[NOISE] 1 2 0.4',
    '++UH++ 1 2 0.4',
    '',
    'we decided to launch',
    'a b c d',
  ]) {
    assert.equal(readWordLine(line), null, line)
  }
})

test('what it makes of music is dropped', () => {
  const sung = [
    { word: 'oh', startSeconds: 0.39, endSeconds: 0.66, confidence: 0.45 },
    { word: 'wow', startSeconds: 0.67, endSeconds: 1.28, confidence: 0.22 },
    { word: 'wow', startSeconds: 1.56, endSeconds: 5.17, confidence: 0.99 },
    { word: 'oh', startSeconds: 5.61, endSeconds: 5.88, confidence: 0.23 },
    { word: 'in', startSeconds: 9.52, endSeconds: 9.59, confidence: 0.02 },
  ]
  assert.deepEqual(plausibleWords(sung), [])
})
