import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import { createDiskBlobs } from '../../server/platform/blobs/index.ts'
import { createOriginals } from '../../server/videos/originals.ts'
import { VideoId } from '../../shared/index.ts'
import { openTestDatabase } from '../support/open-test-database.ts'

test('whoever lets go of a film leaves it to those who are about to have it; the last one takes it along', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-originals-'))
  await using opened = await openTestDatabase()
  const blobs = createDiskBlobs({ directory })
  const originals = createOriginals({ database: opened.database, blobs, quotaBytes: 0 })
  const place = async () => {
    const id = VideoId.parse(uuidv7())
    const draft = await blobs.draft(`videos/${id}/original`)
    draft.stream.end('film')
    await new Promise(done => draft.stream.once('finish', done))
    return { id, blob: await originals.place(id, draft, { checksum: `sha256:${'a'.repeat(64)}`, sizeBytes: 4 }) }
  }
  const [one, other] = [await place(), await place()]
  assert.equal(one.blob, other.blob)
  await originals.withdraw(one.id)
  assert.equal((await blobs.stat(other.blob))?.sizeBytes, 4)
  await originals.withdraw(other.id)
  assert.equal(await blobs.stat(other.blob), null)
  await rm(directory, { recursive: true, force: true })
})
