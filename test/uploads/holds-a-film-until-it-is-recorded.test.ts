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
import { createQuota } from '../../server/videos/quota.ts'
import { VideoId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'

test('whoever lets go of a film leaves it to those who are about to have it; the last one takes it along', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-originals-'))
  await using opened = await openTestDatabase()
  const blobs = createDiskBlobs({ directory })
  const removals = createRemovals({ ...opened, blobs })
  const { database } = opened
  const leases = createLeases(opened)
  const quota = createQuota({ database, quotaBytes: 0 })
  const originals = createOriginalFiles({ database, blobs, removals, leases, quota })
  const place = async () => {
    const videoId = VideoId.parse(uuidv7())
    const lease = await leases.take(filmLease(videoId), { leaseMs: 60_000, lost: () => new Error('lost') })
    assert.ok(lease)
    const attempt = { videoId, lease }
    await database.transaction(tx => quota.reserve(tx, { videoId, bytes: 4, seconds: 0 }))
    const draft = await blobs.draft(`videos/${videoId}/original`)
    draft.stream.end('film')
    await new Promise(done => draft.stream.once('finish', done))
    return {
      attempt,
      blob: await originals.place(attempt, draft, { checksum: `sha256:${'a'.repeat(64)}`, sizeBytes: 4 }),
    }
  }
  const [one, other] = [await place(), await place()]
  assert.equal(one.blob, other.blob)
  await originals.withdraw(one.attempt)
  assert.equal((await blobs.stat(other.blob))?.sizeBytes, 4)
  await originals.withdraw(other.attempt)
  assert.equal(await blobs.stat(other.blob), null)
  await Promise.all([one, other].map(({ attempt }) => attempt.lease.release()))
  await rm(directory, { recursive: true, force: true })
})
