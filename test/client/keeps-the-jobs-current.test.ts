import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createRushes, type Job, type JobState, RushesError } from '../../client-sdk/src/index.ts'
import { createJobList } from '../../client-sdk/src/react/job-list.ts'
import { isUnfinished, jobsGapMs } from '../../client-sdk/src/react/jobs-pace.ts'
import { makeLongFilm } from '../support/make-film.ts'
import { startTestApp, until } from '../support/start-test-app.ts'

// What the hook `useJobs` draws, on a real server, without anything that draws.
const app = await startTestApp({ env: { HLS_LADDER: '144', TRANSCRIBER: 'none' } })
after(() => app[Symbol.asyncDispose]())
const { rushes } = app
const { id: videoId } = await rushes.videos.upload(await makeLongFilm(join(app.dataDirectory, 'long.mp4')))

const code = (expected: string) => (fault: unknown) => fault instanceof RushesError && fault.code === expected
const find = (list: ReturnType<typeof createJobList>, id: string) =>
  list.store.get().jobs?.find(job => job.id === id) ?? null

/** The same server, on a connection of one's own making. */
const rushesBy = (connection: typeof fetch) => createRushes({ url: app.url, fetch: connection })

/** The ladder's job, while it runs. */
const runningLadder = (): Promise<Job> =>
  until('the ladder is being made', async () => {
    const { items } = await rushes.jobs.list({ videoId, kind: 'hls' })
    return items.find(job => job.state === 'running')
  })

test('what is called off, and tried again, shows as soon as the server has agreed', async () => {
  const list = createJobList(rushes, { videoId })
  const { id } = await runningLadder()
  await list.refresh()
  assert.equal(find(list, id)?.state, 'running')

  await list.cancel(id)
  assert.equal(find(list, id)?.state, 'cancelled')
  await assert.rejects(list.cancel(id), code('job.ended'))

  await list.retry(id)
  assert.ok(isUnfinished(find(list, id) ?? assert.fail()))
  assert.equal(find(list, id)?.reason, null)
})

test('what runs is among them however old it is, and stays when it has ended', async () => {
  const { id } = await runningLadder()
  const { id: newer } = await rushes.jobs.run(videoId, 'thumbnail')
  const list = createJobList(rushes, { limit: 1 })
  await list.refresh()
  assert.deepEqual([find(list, newer)?.id, find(list, id)?.state], [newer, 'running'])

  // By somebody else: this list is not told.
  await rushes.jobs.cancel(id)
  await list.refresh()
  assert.equal(find(list, id)?.state, 'cancelled')
  await rushes.jobs.retry(id)
})

test('a list of one state has no others, also after what is done to them here', async () => {
  const { id } = await runningLadder()
  const list = createJobList(rushes, { state: 'running', kind: 'hls' })
  await list.refresh()
  assert.deepEqual(
    list.store.get().jobs?.map(job => job.id),
    [id],
  )
  await list.cancel(id)
  assert.deepEqual(list.store.get().jobs, [])
  await rushes.jobs.retry(id)
})

test('older ones come page by page, each once, newest first', async () => {
  const all = (await rushes.jobs.list({ limit: 200 })).items.map(({ id }) => id)
  const list = createJobList(rushes, { limit: 2 })
  await list.refresh()
  while (list.store.get().cursor !== null) {
    // Asked for twice at once, and while the first page comes anew.
    await Promise.all([list.loadMore(), list.refresh(), list.loadMore()])
  }
  const shown = (list.store.get().jobs ?? []).map(({ id }) => id)
  assert.deepEqual(shown, [...new Set(shown)].toSorted().toReversed())
  // More may have come meanwhile.
  assert.ok(all.length > 4)
  assert.deepEqual(
    shown.filter(id => all.includes(id)),
    all,
  )
})

test('what is removed is gone at once and stays away; what is gone already is no failure', async () => {
  const { id } = await rushes.jobs.untilEnded((await rushes.jobs.run(videoId, 'thumbnail')).id)
  const list = createJobList(rushes, { videoId })
  await list.refresh()
  const removing = list.remove(id)
  assert.equal(find(list, id), null)
  await removing
  assert.equal(find(list, id), null)
  await list.remove(id)
  await assert.rejects(list.retry(id), code('job.not_found'))
})

test('an answer that was asked for before what was done here changes nothing any more', async () => {
  const { id } = await runningLadder()
  const holding = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  let hold = false
  const slow = rushesBy(async (...request) => {
    const response = await fetch(...request)
    if (!hold) return response
    hold = false
    asked.resolve()
    await holding.promise
    return response
  })
  const list = createJobList(slow, { videoId })
  hold = true
  const late = list.refresh()
  await asked.promise
  await list.cancel(id)
  holding.resolve()
  await late
  assert.equal(find(list, id)?.state, 'cancelled')
})

test('without a server the list keeps what it has, says why, and asks less and less', async () => {
  let isAway = false
  const list = createJobList(
    rushesBy((...request) => (isAway ? Promise.reject(new TypeError('fetch failed')) : fetch(...request))),
    { state: 'done' },
  )
  await list.refresh()
  const before = list.store.get().jobs
  isAway = true
  await list.refresh()
  assert.equal(list.store.get().failure?.code, 'network')
  assert.deepEqual(list.store.get().jobs, before)
  const first = list.gapMs()
  await list.refresh()
  assert.ok(list.gapMs() > first)
  isAway = false
  await list.refresh()
  assert.equal(list.store.get().failure, null)
})

test('they are asked for every 2 s while something waits or runs, and less often otherwise', () => {
  const gap = (...states: JobState[]) =>
    jobsGapMs(
      states.map(state => ({ state })),
      0,
    )
  assert.equal(gap('done', 'running'), 2000)
  assert.equal(gap('waiting'), 2000)
  assert.ok(gap() >= 10_000)
  assert.ok(gap('done', 'skipped', 'failed', 'cancelled') >= 10_000)
})
