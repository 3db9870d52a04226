// tier: postgres
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { createRemovals } from '../../server/platform/removals/index.ts'
import { createOriginals } from '../../server/videos/originals.ts'
import { VideoId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'

test('whoever lets go of a film leaves it to those who are about to have it; the last one takes it along', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-originals-'))
  await using opened = await openTestDatabase()
  const blobs = createDiskBlobs({ directory })
  const removals = createRemovals({ ...opened, blobs })
  const originals = createOriginals({ database: opened.database, blobs, removals, quotaBytes: 0 })
  const place = async () => {
    const attempt = { videoId: VideoId.parse(uuidv7()), holder: randomUUID() }
    await opened.database.transaction(tx => originals.reserve(tx, { ...attempt, bytes: 4, seconds: 60 }))
    const draft = await blobs.draft(`videos/${attempt.videoId}/original`)
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
  await rm(directory, { recursive: true, force: true })
})
