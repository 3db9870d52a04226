// tier: postgres
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { createRushes } from '../../client-sdk/src/index.ts'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import type { Database } from '../../server/platform/db/index.ts'
import { AppError } from '../../server/platform/errors.ts'
import { createJournal } from '../../server/platform/journal/index.ts'
import { createLeases, type Lease } from '../../server/platform/leases/index.ts'
import { leases as leaseRows } from '../../server/platform/leases/schema.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import { findUpload, insertUpload, settleUpload } from '../../server/uploads/queries.ts'
import { createReceivers, type HeldUpload } from '../../server/uploads/receivers.ts'
import type { UploadsOptions } from '../../server/uploads/uploads.ts'
import { filmLease } from '../../server/videos/film-lease.ts'
import { createOriginalFiles } from '../../server/videos/original-files.ts'
import { createQuota } from '../../server/videos/quota.ts'
import { VideoId } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { startServerProcess } from '../support/server-process.ts'
import { until } from '../support/start-test-app.ts'
import { testDatabase } from '../support/test-database.ts'

const hourMs = 3_600_000
const lapse = ({ db }: Database) => db.update(leaseRows).set({ until: sql`now() - interval '1 second'` })

async function openReceivers() {
  const opened = await openTestDatabase()
  const { database, log } = opened
  const journal = createJournal({ database, follow: () => [], ask: async () => {}, wake: () => {}, log })
  const leases = createLeases(opened)
  const quota = createQuota({ database, quotaBytes: 0 })
  const videos = { quota } as UploadsOptions['videos']
  const receivers = createReceivers({ database, journal, leases, videos, log })
  return { database, receivers, [Symbol.asyncDispose]: opened[Symbol.asyncDispose] }
}

test('of an upload that was taken over its first receiver changes nothing, whatever became of it', async () => {
  await using here = await openReceivers()
  const { database, receivers } = here
  const { db } = database
  const why = new AppError('upload.unsupported_media', 'This is no film.')
  const inProgress = { code: 'upload.in_progress' }
  for (const end of ['receiving', 'done', 'refused', 'waiting'] as const) {
    const row = { way: 'resumable' as const, videoId: VideoId.parse(uuidv7()), filename: 'f', title: 'f' }
    await insertUpload(db, { ...row, id: end, status: 'waiting', expiresAt: new Date(Date.now() + hourMs) })
    const changesNothing = async (first: HeldUpload) => {
      await assert.rejects(database.transaction(first.lease.confirm), inProgress)
      await assert.rejects(receivers.refuse(first, why), inProgress)
      await receivers.release(first)
      assert.equal((await findUpload(db, end))?.status, end)
    }
    const takeOver = async (first: HeldUpload) => {
      await assert.rejects(
        receivers.hold(end, async () => {}),
        inProgress,
        'one at a time',
      )
      await lapse(database)
      await receivers.hold(end, async second => {
        if (end === 'done') await database.transaction(tx => settleUpload(tx, end, 1))
        if (end === 'refused') await receivers.refuse(second, why)
        if (end === 'waiting') await receivers.release(second)
        await changesNothing(first)
        // Who holds nothing changes it only while nobody does.
        const { lease: _, ...known } = first
        await receivers.release(known)
        assert.equal((await findUpload(db, end))?.status, end)
      })
      await changesNothing(first)
    }
    const failsThen = async (first: HeldUpload) => {
      await takeOver(first)
      throw why
    }
    await assert.rejects(receivers.hold(end, failsThen), { code: why.code })
    assert.equal((await findUpload(db, end))?.status, end, 'what failed late settled nothing')
  }
})

test('an attempt that lost its room takes neither the room nor the film of the one that has it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-attempts-'))
  await using opened = await openTestDatabase()
  const { database } = opened
  const blobs = createDiskBlobs({ directory })
  const removals = createRemovals({ ...opened, blobs })
  const leases = createLeases(opened)
  const quota = createQuota({ database, quotaBytes: 0 })
  const originals = createOriginalFiles({ database, blobs, removals, leases, quota })
  const videoId = VideoId.parse(uuidv7())
  const attempt = async () => {
    const lost = () => new AppError('upload.in_progress', 'It was taken over.')
    const lease = await leases.take(filmLease(videoId), { leaseMs: 60_000, lost })
    return { videoId, lease: lease as Lease }
  }
  const place = async (by: Awaited<ReturnType<typeof attempt>>, text: string) => {
    const draft = await blobs.draft(`videos/${videoId}/original`)
    draft.stream.end(text)
    await new Promise(done => draft.stream.once('finish', done))
    const checksum = `sha256:${createHash('sha256').update(text).digest('hex')}`
    return originals.place(by, draft, { checksum, sizeBytes: text.length }).finally(draft.discard)
  }
  const first = await attempt()
  await database.transaction(tx => quota.reserve(tx, { videoId, bytes: 4, seconds: 60 }))
  const early = await place(first, 'film')
  await lapse(database)
  const second = await attempt()
  await assert.rejects(place(first, 'film'), { code: 'upload.in_progress' })
  assert.equal(await place(second, 'film'), early, 'the same bytes are stored once')
  await originals.withdraw(first, { keepRoom: true, blob: early })
  await originals.withdraw(first, { blob: early })
  await originals.withdraw(first)
  assert.ok(await blobs.stat(early))
  assert.deepEqual(await quota.usage(), { quotaBytes: 0, usedBytes: 0, reservedBytes: 4, derivedBytes: 0 })
  await originals.withdraw(second)
  assert.equal(await blobs.stat(early), null)
  for (const { lease } of [first, second]) await lease.release()
  await rm(directory, { recursive: true, force: true })
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
