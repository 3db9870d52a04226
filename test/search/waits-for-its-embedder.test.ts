import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Segment, type VideoId, videoStream } from '../../shared/index.ts'
import { until } from '../support/until.ts'
import { type Answer, faults, meanings, startEmbeddingService } from './embedding-service.ts'
import { openSearchAlone, spoken } from './open-search.ts'

/** A passage each: the pauses keep them apart. */
const talkOf = (passages: number): Segment[] =>
  spoken(...Array.from({ length: passages }, (_, n) => [`Glaciers carve valley ${n}, grain by grain.`, 10]).flat())

interface Setting {
  timeoutSeconds?: number
  pausesMs?: number[]
}

async function open(answer: Answer, { timeoutSeconds = 5, pausesMs = [1, 1, 1, 1, 1] }: Setting = {}) {
  const service = await startEmbeddingService(answer)
  const openai = { baseUrl: service.baseUrl, model: 'stand-in', retries: 0, timeoutSeconds }
  const setting = await openSearchAlone({ embedder: 'openai', openai, patience: { pausesMs } })
  return {
    ...setting,
    service,
    sizes: () => service.requests.map(({ input }) => input.length),
    modeOf: async (id: VideoId) => (await setting.search.inVideo(id, { q: 'glaciers', limit: 3 })).mode,
    async [Symbol.asyncDispose]() {
      await setting[Symbol.asyncDispose]()
      await service[Symbol.asyncDispose]()
    },
  }
}

/** The first `count` requests get `fault`. */
const atFirst = (count: number, fault: Answer): Answer => {
  let asked = 0
  return (response, request) => (++asked <= count ? fault : meanings())(response, request)
}
const refuse =
  (status: number): Answer =>
  response =>
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":{"message":"not now"}}')

const passing: [what: string, fault: Answer][] = [
  ['answers 500', refuse(500)],
  ['answers 503', refuse(503)],
  ['answers 429', refuse(429)],
  ['answers 408', refuse(408)],
  ['hangs up', response => response.destroy()],
  ['hangs up in the middle', response => response.write('{"data": [', () => response.destroy())],
  ['answers malformed JSON', faults['answers malformed JSON'] ?? assert.fail()],
  [
    'gives too few vectors',
    (response, { model }) => meanings()(response, { model, input: ['one'], encoding_format: 'float' }),
  ],
  ['gives vectors of several lengths', faults['gives vectors of several lengths'] ?? assert.fail()],
]
for (const [what, fault] of passing) {
  test(`a service that ${what}, and then is well, is waited for: the film has its vectors`, async () => {
    // No more often than texts are asked for together: one vector alone has but one length.
    await using setting = await open(atFirst(3, fault))
    const id = await setting.addVideo(talkOf(3))
    assert.deepEqual(await setting.search.withoutVectors(), [])
    assert.equal(await setting.modeOf(id), 'hybrid')
  })
}

test('so is one that is away for as long as it is waited for', async () => {
  await using setting = await open(atFirst(5, refuse(503)))
  assert.equal(await setting.modeOf(await setting.addVideo(talkOf(3))), 'hybrid')
})

test('films that come one after the other while it is away for a moment all have their vectors', async () => {
  await using setting = await open(atFirst(3, refuse(503)))
  const ids = []
  for (let n = 0; n < 4; n++) ids.push(await setting.addVideo(talkOf(2)))
  for (const id of ids) assert.equal(await setting.modeOf(id), 'hybrid')
})

test('one that takes its time for each text is asked for fewer at once, also of the next film', async () => {
  const msEach = 100
  await using setting = await open(
    (response, request) => void setTimeout(() => meanings()(response, request), request.input.length * msEach),
    { timeoutSeconds: 1 },
  )
  await setting.addVideo(talkOf(20))
  assert.deepEqual(await setting.search.withoutVectors(), [])
  assert.deepEqual(setting.sizes().slice(0, 3), [20, 16, 4])
  const before = setting.sizes().length
  await setting.addVideo(talkOf(4))
  assert.deepEqual(setting.sizes().slice(before), [4])
})

test('one that refuses so many texts is asked for fewer, without a pause', async () => {
  for (const status of [400, 413, 422]) {
    await using setting = await open(
      (response, request) => (request.input.length > 8 ? refuse(status) : meanings())(response, request),
      { pausesMs: [60_000] },
    )
    await setting.addVideo(talkOf(30))
    assert.deepEqual(await setting.search.withoutVectors(), [])
    assert.deepEqual(setting.sizes(), [30, 16, 4, 4, 4, 4, 4, 4, 4, 2])
  }
})

test('one that wants another key or has no such model is not asked again for this film', async () => {
  for (const status of [401, 403, 404]) {
    await using setting = await open(refuse(status), { pausesMs: [60_000] })
    await setting.addVideo(talkOf(3))
    assert.deepEqual(setting.sizes(), [3])
  }
})

test('one that is away for long is said to be, and the film is marked; words are found all the same', async () => {
  let isAway = true
  await using setting = await open((response, request) => (isAway ? refuse(503) : meanings())(response, request))
  const { search, journal, addVideo, sizes } = setting
  const id = await addVideo(talkOf(3))
  const events = await journal.since(videoStream(id), 0, 100)
  const ready = events.find(event => event.type === 'search.ready')
  assert.deepEqual(ready?.payload, { passageCount: 3, embedder: null })
  const stage = events.findLast(event => event.type === 'video.stage_changed')
  assert.match(
    JSON.stringify(stage?.payload),
    /"search","state":"done","reason":"Words can be searched, meanings can't: .*503/,
  )
  assert.deepEqual(await search.withoutVectors(), [id])
  assert.equal(await setting.modeOf(id), 'lexical')
  const { rungs } = await search.health()
  assert.match(rungs[0]?.reason ?? '', /failed a moment ago: .*503.* 1 film has no vectors/)
  assert.equal(setting.warnings.filter(said => said.includes('without its meanings')).length, 1)

  const before = sizes().length
  const next = await addVideo(talkOf(3))
  assert.equal(sizes().length - before, 2, 'nobody waits as long for each film of a hundred')
  assert.deepEqual(await search.withoutVectors(), [id, next].toSorted())
  isAway = false
  const well = await addVideo(talkOf(3))
  assert.equal(await setting.modeOf(well), 'hybrid')
  assert.match((await search.health()).rungs[0]?.reason ?? '', /is asked at .*\. 2 films have no vectors/)
})

test('a film that goes away while its embedder is waited for ends it', { timeout: 50_000 }, async () => {
  const aborting = new AbortController()
  await using setting = await open(refuse(503), { pausesMs: [60_000] })
  const id = await setting.addVideo(null)
  await setting.addTranscript(id, talkOf(3))
  setTimeout(() => aborting.abort(new Error('the film is gone')), 200)
  // Who waited out the pause would outlast the test.
  await assert.rejects(setting.index(id, aborting.signal), /the film is gone/)
})

test('words are found while the embedder is still waited for', async () => {
  const passages = atFirst(1, () => {})
  await using setting = await open(
    (response, request) => (request.input.length === 3 ? passages : meanings())(response, request),
    { timeoutSeconds: 6, pausesMs: [4_000] },
  )
  const id = await setting.addVideo(null)
  await setting.addTranscript(id, talkOf(3))
  const indexing = setting.index(id)
  const { hits } = await until('they are found', async () => {
    const found = await setting.search.inVideo(id, { q: 'glaciers', limit: 3 })
    return found.hits.length > 0 && found
  })
  assert.equal(hits.length, 3)
  assert.deepEqual(await setting.search.withoutVectors(), [id])
  await indexing
  assert.equal(await setting.modeOf(id), 'hybrid')
})
