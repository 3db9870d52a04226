import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLog } from '../../server/platform/log.ts'
import { createTransformersEmbedder, type TransformersOptions } from '../../server/search/engines/transformers.ts'
import { addTinyModel, openSearchAlone, skipWithoutModels as skip, spoken, tinyModel } from './open-search.ts'

const signal = new AbortController().signal
const silent = createLog({ level: 'silent', pretty: false })
const similarity = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)

async function openFolder() {
  const path = await mkdtemp(join(tmpdir(), 'rushes-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

async function openModel(options: Partial<TransformersOptions> = {}, withModel = true) {
  const folder = await openFolder()
  if (withModel) await addTinyModel(folder.path)
  const engine = createTransformersEmbedder({
    ...{ model: tinyModel, modelsDir: folder.path, allowDownload: false, log: silent },
    ...options,
  })
  return {
    engine,
    folder: folder.path,
    async [Symbol.asyncDispose]() {
      await engine.stop()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const embed = (engine: Awaited<ReturnType<typeof openModel>>['engine'], texts: string[]) =>
  engine.embed(texts, { signal, kind: 'passage' })

test('sentences that share words are nearer, and every vector has length 1', { skip }, async () => {
  await using model = await openModel()
  const [a, b, c] = await embed(model.engine, [
    'The launch is in October.',
    'In October the launch is celebrated, after a long and careful preparation by everyone.',
    'Mushrooms grow after rain!',
  ])
  assert.ok(a && b && c)
  for (const vector of [a, b, c]) assert.ok(Math.abs(similarity(vector, vector) - 1) < 1e-5)
  assert.ok(similarity(a, b) > 0.4 && similarity(a, c) < 0.3, `${similarity(a, b)} ${similarity(a, c)}`)
})

test('a text has the same vector alone and beside longer ones', { skip }, async () => {
  await using model = await openModel()
  const [alone] = await embed(model.engine, ['Short.'])
  const [beside] = await embed(model.engine, [
    'Short.',
    'A much longer sentence that makes the first one be padded. '.repeat(100),
  ])
  assert.ok(alone && beside && similarity(alone, beside) > 0.999)
})

test('a model that fails to load takes the rung away, with the reason', { skip }, async () => {
  await using model = await openModel({ allowDownload: true, modelsUrl: 'http://127.0.0.1:9/' }, false)
  assert.match((await model.engine.check()).reason, /will be downloaded/)
  await assert.rejects(embed(model.engine, ['a']))
  const { available, reason } = await model.engine.check()
  assert.equal(available, false)
  assert.match(reason, /could not be used/)
})

test('missing files are named, without loading anything', { skip }, async () => {
  await using model = await openModel()
  assert.match((await model.engine.check()).reason, /q8.*is in the models directory/)
  await rm(join(model.folder, tinyModel, 'onnx/model_quantized.onnx'))
  assert.match((await model.engine.check()).reason, /no onnx\/model_quantized\.onnx.*not allowed/)
})

test('a model is downloaded when that is allowed, told in the log, and kept', { skip }, async () => {
  await using origin = await openModel()
  const host = createServer((request, response) => {
    readFile(join(origin.folder, (request.url ?? '').replace('/resolve/main', ''))).then(
      bytes => response.setHeader('Content-Length', bytes.length).end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await once(host.listen(0, '127.0.0.1'), 'listening')
  const lines: unknown[] = []
  const log = { ...silent, info: (line: unknown) => lines.push(line) } as unknown as typeof silent
  const modelsUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}/`
  await using model = await openModel({ allowDownload: true, modelsUrl, log }, false)
  try {
    assert.equal((await embed(model.engine, ['a']))[0]?.length, 64)
    assert.ok(lines.length > 0)
    assert.match((await model.engine.check()).reason, /in the models directory/)
  } finally {
    host.closeAllConnections()
    host.close()
  }
})

test('a stop does not wait for a download', { skip }, async () => {
  const asked = Promise.withResolvers<void>()
  const host = createServer(() => asked.resolve())
  await once(host.listen(0, '127.0.0.1'), 'listening')
  const modelsUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}/`
  const model = await openModel({ allowDownload: true, modelsUrl }, false)
  const refused = assert.rejects(embed(model.engine, ['a']), /stopping/)
  await asked.promise
  await model[Symbol.asyncDispose]()
  await refused
  host.closeAllConnections()
  host.close()
})

test('the whole way: passages embedded here are found by what they mean', { skip }, async () => {
  await using folder = await openFolder()
  await addTinyModel(folder.path)
  const transformers = { model: tinyModel, modelsDir: folder.path, allowDownload: false }
  await using setting = await openSearchAlone({ transformers })
  const id = await setting.addVideo(
    spoken('There we were, with him, and they had it.', 20, 'Mushrooms grow after long rain.'),
  )
  // Function words are nothing that could be found by word.
  const { mode, hits } = await setting.search.inVideo(id, { q: 'had it and they were with him', limit: 5 })
  assert.deepEqual([mode, hits.map(hit => hit.segments)], ['hybrid', [[0]]])
  const nonsense = await setting.search.inVideo(id, { q: 'xylophonic quaggafrumpet zzyx', limit: 5 })
  assert.deepEqual(nonsense, { mode: 'hybrid', hits: [], weak: true })
  const { rung } = await setting.search.health()
  assert.equal(rung, 'transformers')
})
