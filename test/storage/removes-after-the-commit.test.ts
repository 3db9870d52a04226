// tier: postgres
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import { createRushes } from '../../client-sdk/src/index.ts'
import { type BlobStore, createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import { blobRemovals } from '../../server/platform/removals/schema.ts'
import { makeFilm } from '../support/make-film.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { startS3Server } from '../support/s3-server.ts'
import { startServerProcess } from '../support/server-process.ts'
import { startTestApp, until } from '../support/start-test-app.ts'
import { testDatabase } from '../support/test-database.ts'

async function openRemovals() {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-removals-'))
  const opened = await openTestDatabase()
  const disk = createDiskBlobs({ directory })
  const asked: string[] = []
  let away = 0
  const ask = async (key: string, remove: () => Promise<void>) => {
    asked.push(key)
    if (away > 0) {
      away -= 1
      throw new Error('the store is away')
    }
    await remove()
  }
  const blobs: BlobStore = {
    ...disk,
    remove: key => ask(key, () => disk.remove(key)),
    removeAll: prefix => ask(prefix, () => disk.removeAll(prefix)),
  }
  const { database } = opened
  const write = async (key: string) => {
    const draft = await disk.draft(key)
    draft.stream.end('film')
    await new Promise(done => draft.stream.once('finish', done))
    await draft.commit()
  }
  return {
    ...{ database, disk, asked, write, removals: createRemovals({ ...opened, blobs }) },
    another: () => createRemovals({ ...opened, blobs }),
    note: (keys: string[]) => database.transaction(tx => createRemovals({ ...opened, blobs }).note(tx, keys)),
    rows: () => database.db.select().from(blobRemovals),
    goAway: (times: number) => {
      away = times
    },
    timePasses: (key: string) =>
      database.db.update(blobRemovals).set({ nextAt: sql`now()` }).where(eq(blobRemovals.key, key)),
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

test('what is noted goes when the transaction has committed, and stays when it has not', async () => {
  await using here = await openRemovals()
  for (const key of ['videos/a/thumbnail', 'videos/a/hls/1', 'videos/b/thumbnail', 'originals/c/film'])
    await here.write(key)
  await assert.rejects(
    here.database.transaction(async tx => {
      await here.removals.note(tx, ['videos/b/'])
      throw new Error('it came to nothing')
    }),
  )
  await here.note(['videos/a/', 'originals/c/film'])
  await here.removals.now(['videos/a/', 'originals/c/film', 'videos/b/'])
  assert.deepEqual([await here.disk.stat('videos/a/hls/1'), await here.disk.stat('originals/c/film')], [null, null])
  assert.ok(await here.disk.stat('videos/b/thumbnail'))
  assert.deepEqual(await here.rows(), [])
})

test('a store that is away is asked again, after longer and longer; its late answers harm no new file', async () => {
  await using here = await openRemovals()
  await here.write('originals/c/film')
  await here.note(['originals/c/film'])
  here.goAway(2)
  const pauses: number[] = []
  for (let tries = 0; tries < 2; tries += 1) {
    await here.removals.now(['originals/c/film'])
    const [row] = await here.rows()
    pauses.push((row?.nextAt.getTime() ?? 0) - Date.now())
    assert.deepEqual(await here.removals.waiting().then(({ count }) => count), 1)
    await here.timePasses('originals/c/film')
  }
  assert.ok((pauses[1] ?? 0) > (pauses[0] ?? 0) && (pauses[0] ?? 0) > 1_000, pauses.join(' '))
  await here.removals.now(['originals/c/film'])
  assert.equal(await here.disk.stat('originals/c/film'), null)
  assert.equal((await here.removals.waiting()).count, 0)
  // A request that was never answered may arrive late: for an hour the name is not given to another film.
  assert.equal((await here.rows())[0]?.done, true)
  await here.timePasses('originals/c/film')
  await here.removals.drain()
  assert.deepEqual(await here.rows(), [])
})

test('several servers share what is to be removed; one that died is followed by another', async () => {
  await using here = await openRemovals()
  const keys = Array.from({ length: 40 }, (_, index) => `videos/${index}/thumbnail`)
  for (const key of keys) await here.write(key)
  await here.note(keys)
  await Promise.all([here.removals, here.another(), here.another()].map(each => each.drain()))
  assert.deepEqual(here.asked.toSorted(), keys.toSorted(), 'each once')
  await here.write('videos/x/thumbnail')
  await here.note(['videos/x/'])
  // Claimed by one that died with it: its lease has to lapse.
  await here.database.db.update(blobRemovals).set({ nextAt: sql`now() + interval '1 minute'` })
  await here.removals.drain()
  assert.ok(await here.disk.stat('videos/x/thumbnail'))
  await here.timePasses('videos/x/')
  await here.removals.drain()
  assert.equal(await here.disk.stat('videos/x/thumbnail'), null)
})

test('a server that is killed between the commit and the removal leaves nothing for ever', async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-killed-'))
  const database = await testDatabase(dataDirectory)
  await using s3 = await startS3Server()
  const here = { PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), PORT: '0', DATA_DIR: dataDirectory }
  const env = { ...here, ...database.env, ...s3.env, STORAGE: 's3', TRANSCRIBER: 'none', HLS_LADDER: 'off' }
  try {
    await using server = await startServerProcess(env)
    const rushes = createRushes({ url: server.url })
    const film = await makeFilm(join(dataDirectory, 'film.mp4'), { seconds: 1 })
    const video = await rushes.videos.untilReady((await rushes.videos.upload(film)).id)
    assert.notEqual((await s3.objects()).length, 0)
    // The bucket does not answer any more: nothing of the film can go.
    for (const [method, part] of [
      ['DELETE', '/originals/'],
      ['POST', 'delete'],
    ] as const)
      await s3.fail({ method, part, times: 50, delayMs: 60_000 })
    await rushes.videos.delete(video.id)
    await server.kill()
    assert.notEqual((await s3.objects()).length, 0, 'it was killed before they were gone')
    await s3.kill()
    await s3.start()
    // On a shared database the dead server's lease lapses after two minutes: here nobody waits for that.
    if (database.env.DATABASE_URL) await lapseAll(database.env.DATABASE_URL, dataDirectory)
    await using _next = await startServerProcess(env)
    await until('the next server has removed them', async () => (await s3.objects()).length === 0, 60)
  } finally {
    await database.drop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
})

async function lapseAll(url: string, dataDirectory: string): Promise<void> {
  const log = createLog({ level: 'silent', pretty: false })
  const opened = await openDatabase({ url, dataDirectory, poolSize: 1, log })
  await opened.db.update(blobRemovals).set({ nextAt: sql`now()` })
  await opened.stop()
}

/** How long the store takes: whoever waited for it would wait as long. */
const heldUpMs = 60_000

test('a bucket that hangs on removals holds up nobody who talks', async () => {
  await using s3 = await startS3Server()
  await using app = await startTestApp({ env: { ...s3.env, STORAGE: 's3', TRANSCRIBER: 'none' } })
  const { videos } = app.rushes
  const film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 })
  const [doomed, room] = [await videos.upload(film), await videos.createDirectUpload({ filename: 'room.mp4' })]
  await videos.untilReady(doomed.id)
  for (const [method, part] of [
    ['DELETE', '/originals/'],
    ['POST', 'delete'],
  ] as const)
    await s3.fail({ method, part, times: 50, delayMs: heldUpMs })
  const deleting = videos.delete(doomed.id)
  const took: number[] = []
  for (let count = 0; count < 20; count += 1) {
    const startedAt = performance.now()
    await videos.say(room.video.id, { body: `message ${count}` })
    took.push(performance.now() - startedAt)
  }
  await deleting
  assert.ok(Math.max(...took) < heldUpMs, `the slowest message took ${Math.round(Math.max(...took))} ms`)
})
