// tier: postgres
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { videoStream } from '../../shared/index.ts'
import { until } from '../support/until.ts'
import { faults, meanings, startEmbeddingService } from './embedding-service.ts'
import { openSearchAlone, spoken } from './open-search.ts'

const same = { automobile: 'vehicle', cars: 'vehicle', purchase: 'buying', bought: 'buying' }
const talk = spoken(
  'Yesterday cars were bought downtown.',
  10,
  'Glaciers carve valleys over thousands of years.',
  10,
  'Mushrooms grow best after long summer rain.',
)
const signal = new AbortController().signal

/** How long the service itself is waited for: far longer than a search may. */
const timeoutSeconds = 120

async function openHybrid(...answers: Parameters<typeof startEmbeddingService>) {
  const service = await startEmbeddingService(...answers)
  const openai = { baseUrl: service.baseUrl, model: 'stand-in', retries: 0, timeoutSeconds }
  const setting = await openSearchAlone({ embedder: 'openai', openai })
  return {
    ...setting,
    service,
    async [Symbol.asyncDispose]() {
      await setting[Symbol.asyncDispose]()
      await service[Symbol.asyncDispose]()
    },
  }
}

test('what means the same is found in other words, and nonsense is not', async () => {
  await using setting = await openHybrid(meanings(same))
  const { search, addVideo, journal } = setting
  const id = await addVideo(talk)
  const find = (q: string) => search.inVideo(id, { q, limit: 10 })
  const { mode, hits } = await find('automobile purchase')
  assert.deepEqual([mode, hits.map(hit => hit.segments)], ['hybrid', [[0]]])
  const everywhere = await search.inLibrary({ q: 'automobile purchase', limit: 10 })
  assert.deepEqual([everywhere.mode, everywhere.hits.map(hit => hit.startSeconds)], ['hybrid', [0]])
  for (const q of ['xylophonic quaggafrumpet zzyx', 'entirely unrelated philately']) {
    assert.deepEqual(await find(q), { mode: 'hybrid', hits: [], weak: true })
    assert.deepEqual(await search.inLibrary({ q, limit: 10 }), { mode: 'hybrid', hits: [], weak: true })
  }
  const ready = (await journal.since(videoStream(id), 0, 100)).find(event => event.type === 'search.ready')
  assert.deepEqual(ready?.payload, { passageCount: 3, embedder: 'openai stand-in' })
})

test('who says it word for word comes before who means it', async () => {
  await using setting = await openHybrid(meanings(same))
  const id = await setting.addVideo(
    spoken('Buying an automobile purchase agreement, automobile automobile', 10, 'Cars and cars were bought.'),
  )
  const { hits } = await setting.search.inVideo(id, { q: 'Cars were bought', limit: 5 })
  assert.deepEqual(
    hits.map(hit => hit.segments),
    [[1], [0]],
  )
  assert.ok(hits.every(hit => hit.score > 0 && hit.score <= 1))
})

test('a question retrieves what means the same', async () => {
  await using setting = await openHybrid(meanings(same))
  const id = await setting.addVideo(talk)
  const hits = await setting.search.retrieve(id, 'Which automobile purchase?', { limit: 3, signal })
  assert.deepEqual(
    hits.map(hit => hit.segments),
    [[0]],
  )
})

test('vectors of another model or dimension are not compared', async () => {
  await using setting = await openHybrid(meanings(same))
  const { search, addVideo, database } = setting
  const id = await addVideo(talk)
  const find = () => search.inVideo(id, { q: 'automobile purchase', limit: 5 })
  assert.equal((await find()).mode, 'hybrid')
  await database.db.execute(sql`update passages set embedding_model = 'another' where video_id = ${id}`)
  assert.deepEqual(await find(), { mode: 'lexical', hits: [], weak: true })
  await database.db.execute(
    sql`update passages set embedding_model = 'openai stand-in', embedding = '[1,0]', embedding_dimension = 2`,
  )
  assert.deepEqual(await find(), { mode: 'lexical', hits: [], weak: true })
})

test('a video is searchable by its words when the service fails while it is indexed', async () => {
  for (const fault of ['answers 500', 'gives vectors of several lengths', 'gives too few vectors']) {
    await using setting = await openHybrid(faults[fault] ?? assert.fail())
    const id = await setting.addVideo(talk)
    const { mode, hits } = await setting.search.inVideo(id, { q: 'mushrooms', limit: 5 })
    assert.deepEqual([mode, hits.map(hit => hit.segments)], ['lexical', [[2]]], fault)
    const { rung, rungs } = await setting.search.health()
    assert.equal(rung, 'none')
    assert.match(rungs[0]?.reason ?? '', /failed a moment ago/)
  }
})

test('a search does not wait long for a service that has gone silent', async () => {
  const understand = meanings(same)
  let isSilent = false
  await using setting = await openHybrid((response, request) => {
    if (!isSilent) understand(response, request)
  })
  const id = await setting.addVideo(talk)
  isSilent = true
  const startedAt = performance.now()
  const { mode, hits } = await setting.search.inVideo(id, { q: 'mushrooms', limit: 5 })
  assert.deepEqual([mode, hits.length], ['lexical', 1])
  assert.ok(performance.now() - startedAt < (timeoutSeconds * 1000) / 2)
})

test('indexing that is stopped rejects and leaves what was there', async () => {
  const aborting = new AbortController()
  const reason = new Error('stop')
  await using setting = await openHybrid(() => aborting.abort(reason))
  const { index, addVideo, database } = setting
  const id = await addVideo(null)
  await setting.addTranscript(id, talk)
  await assert.rejects(index(id, aborting.signal), reason)
  const [{ count } = assert.fail()] = await database.db.execute(sql`select count(*)::int as count from passages`)
  assert.equal(count, 0)
})

test('on a server the library gets an index for the model, which is used', {
  skip: !process.env.RUSHES_TEST_DATABASE_URL && 'RUSHES_TEST_DATABASE_URL is not set',
}, async () => {
  await using setting = await openHybrid(meanings(same))
  const { search, addVideo, database } = setting
  await addVideo(talk)
  const built = () =>
    database.db.execute<{ indexdef: string }>(sql`
    select indexdef from pg_indexes join pg_class on relname = indexname join pg_index on indexrelid = pg_class.oid
    where tablename = 'passages' and indexdef like '%hnsw%' and indisvalid`)
  const [index] = await until('the index is built', async () => {
    const found = await built()
    return found.length > 0 && found
  })
  assert.match(index?.indexdef ?? '', /vector\(256\).*vector_cosine_ops.*embedding_model = 'openai stand-in'/)
  assert.deepEqual((await search.inLibrary({ q: 'automobile purchase', limit: 5 })).hits.length, 1)
})
