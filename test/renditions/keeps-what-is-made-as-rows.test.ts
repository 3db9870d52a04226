// tier: postgres
import assert from 'node:assert/strict'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'drizzle-orm'
import { sweepStorage } from '../../scripts/storage/sweep-storage.ts'
import { parseConfig } from '../../server/config.ts'
import { databaseOptionsOfCommand } from '../../server/database-options.ts'
import { type Database, openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { isNoted } from '../../server/platform/removals/index.ts'
import { forgetRenditions, keepRendition } from '../../server/platform/renditions/index.ts'
import { renditions } from '../../server/platform/renditions/schema.ts'
import { VideoId, videoStream } from '../../shared/index.ts'
import { untilSettled } from '../fixtures/making/bring-films.ts'
import { makeFilm } from '../support/make-film.ts'
import { openTestDatabase } from '../support/open-test-database.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { blobsOf } from '../uploads/blobs-of.ts'

const log = createLog({ level: 'silent', pretty: false })
const stream = videoStream(VideoId.parse('01900000-0000-7000-8000-000000000001'))
const other = videoStream(VideoId.parse('01900000-0000-7000-8000-000000000002'))
const poster = { stream, name: 'poster', key: 'posters/1.jpg', sizeBytes: 10, contentType: 'image/jpeg' }

test('one that is made anew takes the place of the one before, whose file goes with the fact, or not at all', async () => {
  await using opened = await openTestDatabase()
  const { db, transaction } = opened.database
  const rows = async () => (await db.select().from(renditions)).map(({ key, sizeBytes }) => [key, sizeBytes])
  await transaction(tx => keepRendition(tx, poster))
  await transaction(tx => keepRendition(tx, { ...poster, sizeBytes: 11 }))
  assert.equal(await isNoted(db, poster.key), false, 'it lies where it lay')
  const fault = new Error('the fact was none')
  const failing = transaction(async tx => {
    await keepRendition(tx, { ...poster, key: 'posters/2.jpg' })
    throw fault
  })
  await assert.rejects(failing, fault)
  assert.deepEqual(await rows(), [[poster.key, 11]])
  assert.equal(await isNoted(db, poster.key), false)
  await transaction(tx => keepRendition(tx, { ...poster, key: 'posters/2.jpg' }))
  assert.deepEqual(await rows(), [['posters/2.jpg', 10]])
  assert.equal(await isNoted(db, poster.key), true)

  await transaction(tx => keepRendition(tx, { ...poster, stream: other, key: 'posters/3.jpg' }))
  assert.deepEqual(await transaction(tx => forgetRenditions(tx, stream)), ['posters/2.jpg'])
  assert.deepEqual(await rows(), [['posters/3.jpg', 10]])
})

test('what is made of a film is counted, measured where nobody has, and gone with it wherever it lies', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none', HLS_LADDER: '144' }, ownDatabase: true })
  const file = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
  const { id } = await app.rushes.videos.upload(file)
  await untilSettled(app.rushes, id)
  const { links } = await app.rushes.videos.get(id)
  const derived = (await blobsOf(app)).filter(key => key.startsWith(`videos/${id}/`))
  assert.ok(derived.some(key => key.includes('/hls/')) && derived.some(key => key.endsWith('.jpg')))
  const sizes = await Promise.all(derived.map(async key => (await stat(join(app.dataDirectory, 'blobs', key))).size))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)

  const unmeasured = await app.restart({}, () => changing(app, forgetSizes))
  assert.equal(await derivedBytes(unmeasured), 0)
  assert.deepEqual((await unmeasured.rushes.videos.get(id)).links, links)
  await unmeasured.stop()
  await sweepStorage(parseConfig(app.env))

  const elsewhere = 'others/of-a-later-version.jpg'
  const measured = await unmeasured.restart({}, async () => {
    const later = { ...poster, stream: videoStream(id), key: elsewhere, sizeBytes: 1 }
    await changing(app, database => database.transaction(tx => keepRendition(tx, later)))
    await mkdir(join(app.dataDirectory, 'blobs', 'others'), { recursive: true })
    await writeFile(join(app.dataDirectory, 'blobs', elsewhere), 'x')
  })
  assert.equal(await derivedBytes(measured), bytes + 1)
  await measured.rushes.videos.delete(id)
  const left = (await blobsOf(app)).filter(key => !key.startsWith('owners/'))
  assert.deepEqual(left, [])
  await measured.stop()
  await changing(app, async ({ db }) => assert.deepEqual(await db.select().from(renditions), []))
})

const forgetSizes = ({ db }: Database) => db.execute(sql`update renditions set size_bytes = null`)

/** With the server stopped: an embedded database belongs to one process. */
async function changing(app: TestApp, change: (database: Database) => Promise<unknown>): Promise<void> {
  const database = await openDatabase(databaseOptionsOfCommand(parseConfig(app.env), log))
  await change(database)
  await database.stop()
}

async function derivedBytes({ url }: TestApp): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^rushes_storage_derived_bytes (\d+)$/m.exec(metrics)?.[1])
}
