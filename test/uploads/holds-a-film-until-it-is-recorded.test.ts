// tier: postgres
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { createLeases } from '../../server/platform/leases/index.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import { filmLease } from '../../server/videos/film-lease.ts'
import { createOriginalFiles } from '../../server/videos/original-files.ts'
import { insertVideo } from '../../server/videos/queries.ts'
import { createQuota } from '../../server/videos/quota.ts'
import { VideoId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'

async function openOriginals() {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-originals-'))
  const opened = await openTestDatabase()
  const { database } = opened
  const blobs = createDiskBlobs({ directory })
  const removals = createRemovals({ ...opened, blobs })
  const leases = createLeases(opened)
  const quota = createQuota({ database, quotaBytes: 0 })
  const originals = createOriginalFiles({ database, blobs, removals, leases, quota })
  const write = async (key: string) => {
    const draft = await blobs.draft(key)
    draft.stream.end('film')
    await new Promise(done => draft.stream.once('finish', done))
    return draft
  }
  const place = async () => {
    const videoId = VideoId.parse(uuidv7())
    const lease = await leases.take(filmLease(videoId), { leaseMs: 60_000, lost: () => new Error('lost') })
    assert.ok(lease)
    const attempt = { videoId, lease }
    await database.transaction(tx => quota.reserve(tx, { videoId, bytes: 4, seconds: 0 }))
    const draft = await write(`videos/${videoId}/original`)
    const film = { checksum: `sha256:${'a'.repeat(64)}`, sizeBytes: 4 }
    return { attempt, blob: await originals.place(attempt, draft, film) }
  }
  return {
    ...{ database, blobs, originals, write, place },
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

test('whoever lets go of a film leaves it to those who are about to have it; the last one takes it along', async () => {
  await using here = await openOriginals()
  const { blobs, originals } = here
  const [one, other] = [await here.place(), await here.place()]
  assert.equal(one.blob, other.blob)
  await originals.withdraw(one.attempt)
  assert.equal((await blobs.stat(other.blob))?.sizeBytes, 4)
  await originals.withdraw(other.attempt)
  assert.equal(await blobs.stat(other.blob), null)
  await Promise.all([one, other].map(({ attempt }) => attempt.lease.release()))
})

test('what was recorded stays, although whoever recorded it never heard so', async () => {
  await using here = await openOriginals()
  const { blobs, originals, database } = here
  const { attempt, blob } = await here.place()
  const { videoId, lease } = attempt
  const captions = [videoId, 'another'].map(name => `videos/${videoId}/captions-of-${name}`)
  for (const key of captions) await (await here.write(key)).commit()
  await database.transaction(async tx => {
    await originals.settle(tx, videoId)
    const about = { id: videoId, title: 'film', filename: 'film.mp4', source: 'upload' as const, playable: true }
    const states = { status: 'processing' as const, stages: {}, transcriptState: 'pending' as const }
    await insertVideo(tx, { ...about, ...states, originalBlob: blob, captionsBlob: captions[0] ?? '' })
  })
  await originals.withdraw(attempt, { blob, captions })
  const left = await Promise.all([blob, ...captions].map(async key => (await blobs.stat(key)) !== null))
  assert.deepEqual(left, [true, true, false])
  await lease.release()
})
