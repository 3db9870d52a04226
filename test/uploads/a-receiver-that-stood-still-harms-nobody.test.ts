// tier: postgres
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { createRushes } from '../../client-sdk/src/index.ts'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { keepLease } from '../../server/platform/keep-lease.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import {
  changeUpload,
  claimUpload,
  findUpload,
  type HeldUpload,
  insertUpload,
  renewLease,
  settleUpload,
} from '../../server/uploads/queries.ts'
import { uploads } from '../../server/uploads/schema.ts'
import { createOriginals } from '../../server/videos/originals.ts'
import { VideoId } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { startServerProcess } from '../support/server-process.ts'
import { until } from '../support/start-test-app.ts'
import { testDatabase } from '../support/test-database.ts'

const hourMs = 3_600_000

test('of an upload that was taken over its first receiver changes nothing, whatever became of it', async () => {
  await using opened = await openTestDatabase()
  const { database } = opened
  const { db } = database
  for (const end of ['receiving', 'done', 'refused', 'waiting'] as const) {
    const row = { way: 'direct' as const, videoId: VideoId.parse(uuidv7()), filename: 'f', title: 'f' }
    await insertUpload(db, { ...row, id: end, status: 'waiting', expiresAt: new Date(Date.now() + hourMs) })
    const first = (await claimUpload(db, end)) as HeldUpload
    assert.equal(await claimUpload(db, end), undefined, 'one at a time')
    assert.equal(await renewLease(db, first), true)
    await db.update(uploads).set({ leaseUntil: sql`now() - interval '1 second'` }).where(eq(uploads.id, end))
    const second = (await claimUpload(db, end)) as HeldUpload
    if (end !== 'receiving') assert.equal(await changeUpload(db, second, { status: end }), true)

    assert.equal(await renewLease(db, first), false)
    assert.equal(await changeUpload(db, first, { status: 'refused' }), false)
    assert.equal(await database.transaction(tx => settleUpload(tx, first, 1)), false)
    const now = await findUpload(db, end)
    assert.deepEqual([now?.status, now?.holder], [end, end === 'receiving' ? second.holder : null])
    // Who holds nothing changes it only while nobody does.
    assert.equal(await changeUpload(db, { id: end, holder: null }, { status: 'waiting' }), end === 'waiting')
  }
})

test('an attempt that lost its room takes neither the room nor the film of the one that has it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-attempts-'))
  await using opened = await openTestDatabase()
  const blobs = createDiskBlobs({ directory })
  const removals = createRemovals({ ...opened, blobs })
  const originals = createOriginals({ database: opened.database, blobs, removals, quotaBytes: 0 })
  const videoId = VideoId.parse(uuidv7())
  const attempt = () => ({ videoId, holder: randomUUID() })
  const reserve = (by: ReturnType<typeof attempt>) =>
    opened.database.transaction(tx => originals.reserve(tx, { ...by, bytes: 4, seconds: 60 }))
  const place = async (by: ReturnType<typeof attempt>, text: string) => {
    const draft = await blobs.draft(`videos/${videoId}/original`)
    draft.stream.end(text)
    await new Promise(done => draft.stream.once('finish', done))
    const checksum = `sha256:${createHash('sha256').update(text).digest('hex')}`
    return originals.place(by, draft, { checksum, sizeBytes: text.length }).finally(draft.discard)
  }
  const [first, second] = [attempt(), attempt()]
  await reserve(first)
  const early = await place(first, 'film')
  await reserve(second)
  assert.equal(await originals.renew(first, 60), false)
  await assert.rejects(place(first, 'film'), { code: 'storage.unavailable' })
  assert.equal(await place(second, 'film'), early, 'the same bytes are stored once')
  await originals.withdraw(first, { keepRoom: true, blob: early })
  await originals.withdraw(first, { blob: early })
  await assert.rejects(
    opened.database.transaction(tx => originals.settle(tx, first)),
    { code: 'storage.unavailable' },
  )
  assert.ok(await blobs.stat(early))
  await opened.database.transaction(tx => originals.settle(tx, second))
  await rm(directory, { recursive: true, force: true })
})

test('a lease is lost when another one has it, and when it could not be renewed for most of its time', async () => {
  const lost = () => new Error('lost')
  let answers = 0
  const taken = keepLease({ renew: async () => ++answers < 2, leaseMs: 300, lost })
  await until('it hears that it is another one’s', () => taken.signal.aborted, 5)
  assert.ok(answers === 2)
  // The database does not answer at all: by the time alone.
  const startedAt = performance.now()
  const silent = keepLease({ renew: () => new Promise(() => {}), leaseMs: 600, lost })
  await until('it gives up by itself', () => silent.signal.aborted, 5)
  assert.ok(performance.now() - startedAt > 400)
  let failures = 0
  const flaky = keepLease({
    renew: async () => {
      failures += 1
      if (failures % 2 === 1) throw new Error('the database is away for a moment')
      return true
    },
    leaseMs: 2_000,
    lost,
  })
  await until('it was renewed again', () => failures >= 4, 10)
  assert.equal(flaky.signal.aborted, false)
  await flaky.stop()
})

const several = process.env.RUSHES_TEST_DATABASE_URL !== undefined
const skip = several ? false : 'several servers share a PostgreSQL, and here is none'

test('a server that stood still past its lease wakes up to a film that another one took, and leaves it whole', {
  skip,
}, async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-stalled-'))
  const database = await testDatabase(dataDirectory)
  const start = () => {
    const here = { PATH: process.env.PATH ?? '', TMPDIR: tmpdir(), PORT: '0', DATA_DIR: dataDirectory }
    return startServerProcess({ ...here, TRANSCRIBER: 'none', HLS_LADDER: 'off', ...database.env })
  }
  try {
    await using first = await start()
    await using second = await start()
    const film = await readFile(await makeFilm(join(dataDirectory, 'film.mp4'), { seconds: 2 }))
    const rushes = createRushes({ url: second.url })
    const { video, upload } = await rushes.videos.createDirectUpload({ filename: 'film.mp4', sizeBytes: film.length })

    const path = new URL(upload.url).pathname
    const headers = { 'content-length': film.length }
    const answer = Promise.withResolvers<string | undefined>()
    const sent = request(new URL(path, first.url), { method: 'PUT', headers }, async response => {
      const parts: Buffer[] = []
      for await (const part of response) parts.push(part as Buffer)
      const { error } = JSON.parse(Buffer.concat(parts).toString()) as { error?: { code: string } }
      answer.resolve(error?.code)
    })
    sent.on('error', answer.reject)
    sent.write(film.subarray(0, 20_000))
    await until('the first one receives it', async () => (await rushes.videos.get(video.id)).status === 'uploading')
    process.kill(first.pid, 'SIGSTOP')
    sent.end(film.subarray(20_000))
    await until(
      'the second one may receive it',
      async () => (await fetch(new URL(path, second.url), { method: 'PUT', body: film })).status === 200,
      40,
    )
    await rushes.videos.untilReady(video.id)
    process.kill(first.pid, 'SIGCONT')
    // When it stood still for long, it may think of its sender that they did.
    assert.match((await answer.promise) ?? 'taken', /^(upload.in_progress|request.timeout)$/)

    const after = await rushes.videos.get(video.id)
    assert.deepEqual([after.status, (await rushes.videos.list()).items.length], ['ready', 1])
    assert.equal((await rushes.videos.uploadState(upload.id)).status, 'done')
    for (const server of [first, second]) {
      const stream = await fetch(`${server.url}/api/videos/${video.id}/stream?rendition=original`)
      assert.deepEqual(Buffer.from(await stream.arrayBuffer()), film)
      assert.equal((await fetch(`${server.url}/api/videos/${video.id}/thumbnail`)).status, 200)
    }
  } finally {
    await database.drop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
})
