import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLog } from '../../server/platform/log.ts'
import { createWhisper, type WhisperOptions } from '../../server/transcripts/engines/whisper.ts'
import { type TinyWhisperOptions, writeTinyWhisper } from '../support/tiny-models/tiny-whisper.ts'
import { listen, openFolder, silence, speak, writeAudio } from './speech.ts'

const models = process.env.RUSHES_MODELS
const skip = models === undefined && 'RUSHES_MODELS is not set'
const log = createLog({ level: 'silent', pretty: false })
const model = 'tiny/whisper'
const script = [
  { text: 'We decided to launch the new product in October.', startSeconds: 0, endSeconds: 2.4 },
  { text: 'Nobody was surprised!', startSeconds: 3, endSeconds: 4.5 },
]
const texts = script.map(line => line.text)
const said = await speak('this is four seconds and a half of speech that the model does not understand at all')

/** The voice begins a little after its file does. */
const tenth = (seconds: number) => Math.round(seconds * 10) / 10

/** A Whisper on a model that the test writes, in a models directory of its own. */
async function openWhisper(tiny: Partial<TinyWhisperOptions> = {}, options: Partial<WhisperOptions> = {}) {
  const folder = await openFolder()
  const source = join(models ?? '', 'Xenova/whisper-tiny.en')
  await writeTinyWhisper({ source, target: join(folder.path, model), script, ...tiny })
  const engine = createWhisper({ model, modelsDir: folder.path, allowDownload: false, log, ...options })
  return {
    engine,
    folder: folder.path,
    async [Symbol.asyncDispose]() {
      await engine.stop()
      await folder[Symbol.asyncDispose]()
    },
  }
}

test('phrases come with their times, and words with estimated ones', { skip }, async () => {
  await using whisper = await openWhisper()
  const input = await writeAudio(whisper.folder, [said.subarray(0, 16_000 * 4.5)])
  const { segments, words, engine, language } = await listen(whisper.engine, input)
  assert.deepEqual(
    segments.map(({ text, startSeconds, endSeconds }) => ({
      text,
      startSeconds: tenth(startSeconds),
      endSeconds: tenth(endSeconds),
    })),
    script,
  )
  assert.ok(words.every(word => word.estimated))
  assert.deepEqual([engine, language], [`whisper ${model}`, 'en'])
})

test('a model that gives its attention out tells the time of every word', { skip }, async () => {
  await using whisper = await openWhisper({ attention: true })
  const input = await writeAudio(whisper.folder, [said.subarray(0, 16_000 * 4.5)])
  const { segments, words } = await listen(whisper.engine, input)
  assert.deepEqual(
    segments.map(segment => segment.text),
    texts,
  )
  assert.ok(words.every(word => !word.estimated))
  const startOf = (text: string) => words.find(({ word }) => word === text)?.startSeconds ?? -1
  assert.ok(
    Math.abs(startOf('launch') - 0.8) < 0.3 && Math.abs(startOf('Nobody') - 3) < 0.5,
    `${startOf('launch')} ${startOf('Nobody')}`,
  )
})

test('windows are told one after the other, each with its times in the video, silence unheard', { skip }, async () => {
  await using whisper = await openWhisper()
  const speech = said.subarray(0, 16_000 * 4.5)
  const input = await writeAudio(whisper.folder, [silence(5), speech, silence(10), speech, silence(5)])
  const { groups, percents } = await listen(whisper.engine, input)
  assert.deepEqual(
    groups.map(group => group.map(segment => segment.text)),
    [texts, texts],
  )
  const starts = groups.map(group => group[0]?.startSeconds ?? 0)
  assert.ok(Math.abs((starts[0] ?? 0) - 5) < 0.1 && Math.abs((starts[1] ?? 0) - 19.5) < 0.1, String(starts))
  assert.equal(percents.length, 2)
})

test('where the model stops before the sound does, the rest is heard too', { skip }, async () => {
  await using whisper = await openWhisper({ script: script.slice(0, 1) })
  const { segments } = await listen(
    whisper.engine,
    await writeAudio(whisper.folder, [said.subarray(0, 16_000 * 4.5), said.subarray(0, 16_000 * 2)]),
  )
  assert.deepEqual(
    segments.map(segment => tenth(segment.startSeconds)),
    [0, 2.4],
  )
})

test('nothing is said after the end of the sound', { skip }, async () => {
  await using whisper = await openWhisper()
  const { segments } = await listen(whisper.engine, await writeAudio(whisper.folder, [said.subarray(0, 16_000 * 2)]))
  assert.deepEqual(
    segments.map(({ text, endSeconds }) => [text, endSeconds]),
    [[texts[0], 2]],
  )
})

test('a model that goes round in circles is stopped, and its phrase kept once', { skip }, async () => {
  await using whisper = await openWhisper({
    stuck: true,
    script: [{ text: 'Thank you very much', startSeconds: 0, endSeconds: 4 }],
  })
  const { segments } = await listen(whisper.engine, await writeAudio(whisper.folder, [said.subarray(0, 16_000 * 4.5)]))
  assert.deepEqual(
    segments.map(segment => segment.text),
    ['Thank you very much'],
  )
})

test('a multilingual model finds the language out, and believes who says it', { skip }, async () => {
  await using whisper = await openWhisper({
    language: 'de',
    script: [{ text: 'Niemand war dabei.', startSeconds: 0, endSeconds: 4 }],
  })
  const input = await writeAudio(whisper.folder, [said.subarray(0, 16_000 * 4.5)])
  const { language, segments } = await listen(whisper.engine, input)
  assert.deepEqual([language, segments.map(segment => segment.text)], ['de', ['Niemand war dabei.']])
  assert.equal((await listen(whisper.engine, { ...input, language: 'fr' })).language, 'fr')
})

test('an abort ends it with the reason', { skip }, async () => {
  await using whisper = await openWhisper()
  const aborting = new AbortController()
  const reason = new Error('the video is gone')
  const input = await writeAudio(whisper.folder, Array(60).fill(said))
  const heard = whisper.engine.transcribe(input, {
    signal: aborting.signal,
    onSegments: () => aborting.abort(reason),
    onProgress: () => {},
  })
  await assert.rejects(heard, reason)
})

test('a fault of who takes the segments ends it with that fault', { skip }, async () => {
  await using whisper = await openWhisper()
  const fault = new Error('the database is gone')
  const take = async () => Promise.reject(fault)
  const input = await writeAudio(whisper.folder, Array(60).fill(said))
  await assert.rejects(
    whisper.engine.transcribe(input, { signal: new AbortController().signal, onSegments: take, onProgress: () => {} }),
    fault,
  )
})

test('missing files are named, without loading anything', { skip }, async () => {
  await using whisper = await openWhisper()
  assert.equal((await whisper.engine.check()).available, true)
  await rm(join(whisper.folder, model, 'onnx/encoder_model.onnx'))
  const { available, reason } = await whisper.engine.check()
  assert.equal(available, false)
  assert.match(reason, /encoder_model_quantized\.onnx.*downloading is not allowed/)
})

test('a model that fails to load takes the rung away, with the reason', { skip }, async () => {
  await using whisper = await openWhisper(
    {},
    { modelsDir: '/nonexistent', allowDownload: true, modelsUrl: 'http://127.0.0.1:9/' },
  )
  assert.equal((await whisper.engine.check()).available, true)
  await assert.rejects(listen(whisper.engine, await writeAudio(whisper.folder, [said])))
  const { available, reason } = await whisper.engine.check()
  assert.equal(available, false)
  assert.match(reason, /could not be loaded/)
})

test('a model is downloaded into the models directory when that is allowed, and told in the log', {
  skip,
}, async () => {
  await using origin = await openWhisper()
  const host = createServer((request, response) => {
    const path = join(origin.folder, (request.url ?? '').replace('/resolve/main', '').replace('_quantized', ''))
    readFile(path).then(
      bytes => response.setHeader('Content-Length', bytes.length).end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await once(host.listen(0, '127.0.0.1'), 'listening')
  await using folder = await openFolder()
  const lines: unknown[] = []
  const listening = { ...log, info: (line: unknown) => lines.push(line) } as unknown as typeof log
  const modelsUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}/`
  const engine = createWhisper({ model, modelsDir: folder.path, allowDownload: true, modelsUrl, log: listening })
  try {
    assert.match((await engine.check()).reason, /will be downloaded/)
    const { segments } = await listen(engine, await writeAudio(folder.path, [said.subarray(0, 16_000 * 4.5)]))
    assert.deepEqual(
      segments.map(segment => segment.text),
      texts,
    )
    assert.match((await engine.check()).reason, /in the models directory/)
    assert.ok(lines.length > 0)
  } finally {
    await engine.stop()
    host.close()
  }
})
