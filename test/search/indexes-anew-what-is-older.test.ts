// tier: postgres
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { until } from '../support/until.ts'
import { openSearchAlone, spoken } from './open-search.ts'

const setting = await openSearchAlone()
after(() => setting[Symbol.asyncDispose]())
const { db } = setting.database

test('what an older version has indexed is found by the present rules after a start', async () => {
  const id = await setting.addVideo(
    spoken('Der Straßenbahnfahrer und die 東京 AI.', 'Das ist nicht der Plan, und wir sind da.'),
  )
  // As version 0.1.0 left it, which counted every letter beside Han as a word.
  await db.execute(sql`
    update passages set edition = 0, stemmer = 'english', plain = ' der straßenbahnfahrer ',
      words = to_tsvector('simple', 'der straßenbahnfahrer')`)
  const find = async (q: string) => (await setting.search.inVideo(id, { q, limit: 5 })).hits.length
  assert.equal(await find('AI'), 0)
  setting.search.start()
  await until('it is indexed anew', async () => {
    const rows = await db.execute(sql`select 1 from passages where edition = 0`)
    return rows.length === 0 || undefined
  })
  for (const q of ['AI', 'strassenbahnfahrer', '東京']) assert.equal(await find(q), 1, q)
  const rows = await db.execute<{ stemmer: string }>(sql`select stemmer from passages`)
  assert.deepEqual(
    rows.map(row => row.stemmer),
    ['german'],
  )
})
