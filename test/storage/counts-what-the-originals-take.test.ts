// tier: postgres
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { eq, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { BlobStore } from '../../server/platform/blobs/index.ts'
import { createJournal } from '../../server/platform/journal/index.ts'
import { createLeases } from '../../server/platform/leases/index.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import { createVideos, filmLease, type NewVideo } from '../../server/videos/index.ts'
import { reservations, storageLedger } from '../../server/videos/schema.ts'
import { VideoId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { noJobs, nothingFollows } from '../support/without-jobs.ts'

/** Bytes are numbers here: nothing is stored. */
const nowhere = {
  check: async () => 'nowhere',
  stat: async () => ({ sizeBytes: 1000, modifiedAt: new Date() }),
  remove: async () => {},
  removeAll: async () => {},
} as Partial<BlobStore> as BlobStore
const draft = { discard: async () => {} } as Parameters<ReturnType<typeof createVideos>['originals']['place']>[1]

async function open(quotaBytes = 0) {
  const opened = await openTestDatabase()
  const { database, log } = opened
  const journal = createJournal({ database, ...nothingFollows, log })
  const removals = createRemovals({ database, blobs: nowhere, log })
  const leases = createLeases({ database, log })
  const videos = createVideos({
    ...{ database, journal, removals, leases, blobs: nowhere, quotaBytes },
    ...{ notify: () => {}, jobs: noJobs },
  })
  const bring = async (film: string): Promise<VideoId> => {
    const id = VideoId.parse(uuidv7())
    await using lease = await leases.take(filmLease(id), { leaseMs: 60_000, lost: () => new Error('lost') })
    assert.ok(lease)
    const checksum = `sha256:${createHash('sha256').update(film).digest('hex')}`
    await database.transaction(tx => videos.quota.reserve(tx, { videoId: id, bytes: 1000, seconds: 60 }))
    const originalBlob = await videos.originals.place({ videoId: id, lease }, draft, { checksum, sizeBytes: 1000 })
    await journal.transact(async (tx, append) => {
      await videos.originals.settle(tx, id)
      await videos.create(tx, append, newVideo(id, { checksum, originalBlob }))
    })
    return id
  }
  const used = async () => (await videos.quota.usage()).usedBytes
  return { ...opened, videos, bring, used, [Symbol.asyncDispose]: opened[Symbol.asyncDispose] }
}

const newVideo = (id: VideoId, { checksum, originalBlob }: { checksum: string; originalBlob: string }): NewVideo => ({
  ...{ id, checksum, originalBlob, title: 'film', filename: 'film.mp4', source: 'upload', sizeBytes: 1000 },
  ...{ captionsBlob: null, playable: true },
  inspection: {
    ...{ contentType: 'video/mp4', container: 'mp4', fastStart: true, videoStream: 0, audioStream: null },
    ...{ subtitleStreams: [], pixelFormat: null, durationSeconds: 1, width: 2, height: 2, frameRate: 25 },
    ...{ videoCodec: 'h264', audioCodec: null },
  },
})

test('whoever comes and goes at once, each original counts once, and counting anew finds nothing wrong', async () => {
  await using here = await open()
  const films = ['a', 'b', 'c', 'a', 'b', 'a', 'd', 'a']
  const ids = await Promise.all(films.map(here.bring))
  assert.equal(await here.used(), 4000)
  const [first, , third] = ids
  await Promise.all([here.videos.remove(first as VideoId), here.videos.remove(third as VideoId), here.bring('c')])
  assert.equal(await here.videos.quota.recount(), 0)
  assert.equal(await here.used(), 4000)
  await Promise.all(ids.filter(id => id !== first && id !== third).map(here.videos.remove))
  assert.equal(await here.used(), 1000)
  assert.equal(await here.videos.quota.recount(), 0)
})

test('the parts are added up beside those who come, by several at once, and nothing is lost', async () => {
  await using here = await open()
  const { db } = here.database
  await Promise.all([
    ...Array.from({ length: 12 }, (_, index) => here.bring(`film ${index}`)),
    ...Array.from({ length: 6 }, () => here.videos.quota.addUp()),
  ])
  await here.videos.quota.addUp()
  assert.equal(await here.used(), 12_000)
  assert.equal((await db.select().from(storageLedger)).length, 1)
})

test('what was told wrong is mended, and by two at once only once', async () => {
  await using here = await open()
  await here.bring('film')
  await here.database.db.insert(storageLedger).values({ bytes: 500 })
  assert.equal(await here.used(), 1500)
  const wrong = await Promise.all([here.videos.quota.recount(), here.videos.quota.recount()])
  assert.deepEqual(wrong.toSorted(), [-500, 0])
  assert.equal(await here.used(), 1000)
})

test('room that a dead server kept is free when it lapses; many who want the last room get it once', async () => {
  await using here = await open(10_000)
  const { database, videos } = here
  const reserve = () =>
    database.transaction(tx => videos.quota.reserve(tx, { videoId: VideoId.parse(uuidv7()), bytes: 3000, seconds: 60 }))
  const ends = await Promise.allSettled(Array.from({ length: 8 }, reserve))
  assert.equal(ends.filter(({ status }) => status === 'fulfilled').length, 3)
  await assert.rejects(reserve(), { code: 'storage.quota_exceeded' })
  const [one] = await database.db.select().from(reservations)
  await database.db
    .update(reservations)
    .set({ until: sql`now() - interval '1 second'` })
    .where(eq(reservations.videoId, one?.videoId as VideoId))
  await reserve()
})

test('without a quota nobody waits for anybody', async () => {
  await using here = await open()
  const { database, videos } = here
  if (database.kind === 'embedded') return
  const about = () => ({ videoId: VideoId.parse(uuidv7()), bytes: 1000, seconds: 60 })
  await database.transaction(async tx => {
    await videos.quota.reserve(tx, about())
    const others = await tx.execute(sql`select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`)
    assert.equal(others.length, 0)
  })
})
