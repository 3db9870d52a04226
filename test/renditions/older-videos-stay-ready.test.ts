import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { unfinished } from '../../server/pipeline.ts'
import { openSearchAlone } from '../search/open-search.ts'

test('a video that was ready before there were storyboards stays ready, and nothing is begun for it', async () => {
  await using setting = await openSearchAlone()
  const { addVideo, videos, database } = setting
  const id = await addVideo(null)
  const settled = { state: 'done' }
  const stages = { upload: settled, playback: settled, thumbnail: settled, audio: settled }
  const all = { ...stages, transcript: settled, search: settled }
  await database.db.execute(
    sql`update videos set status = 'ready', stages = ${JSON.stringify(all)}::text::jsonb where id = ${id}`,
  )
  const { status, progress, links } = await videos.get(id)
  assert.deepEqual([status, progress.percent, links.storyboard, links.waveform], ['ready', 100, null, null])
  assert.equal(progress.stages.find(({ name }) => name === 'storyboard')?.state, 'skipped')
  assert.deepEqual(await videos.unfinished(), [])
})

test('one that was under way gets its storyboard beside the rest', () => {
  const settled = { state: 'done' } as const
  const stages = { upload: settled, playback: settled, thumbnail: settled, audio: settled }
  assert.deepEqual(unfinished(stages), ['storyboard', 'hls', 'transcript'])
})
