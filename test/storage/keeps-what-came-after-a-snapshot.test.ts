// tier: postgres
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sweepStorage } from '../../scripts/storage/sweep-storage.ts'
import { parseConfig } from '../../server/config.ts'
import { copyFolder } from '../../server/platform/db/embedded/copy-folder.ts'
import { createSnapshots } from '../../server/platform/db/embedded/snapshots.ts'
import { restoreSnapshot } from '../../server/platform/db/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { blobsOf, numberedFilm } from '../uploads/blobs-of.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? 'it is about the embedded database' : false
const env = { TRANSCRIBER: 'none' }

const sweep = (app: TestApp, options: Parameters<typeof sweepStorage>[1] = {}) =>
  sweepStorage(parseConfig(app.env), options)
const filmsOf = async (app: TestApp) => (await blobsOf(app)).filter(key => /^(originals|videos)\//.test(key)).sort()
const ageAll = async (app: TestApp) => {
  for (const key of await blobsOf(app)) await utimes(join(app.dataDirectory, 'blobs', key), 1, 1)
}
async function upload({ rushes, dataDirectory }: TestApp, film: Buffer): Promise<void> {
  const path = join(dataDirectory, `${randomUUID()}.mp4`)
  await writeFile(path, film)
  await rushes.videos.untilReady((await rushes.videos.upload(path)).id)
}

test('what came after a snapshot stays when that is restored, and it is said why, until somebody says it may go', {
  skip,
}, async () => {
  await using app = await startTestApp({ env, ownDatabase: true })
  const film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
  await upload(app, film)
  await app.stop()
  const database = join(app.dataDirectory, 'database')
  const { name } = await createSnapshots(app.dataDirectory, { kept: 3 }).take('daily', to => copyFolder(database, to))
  const before = await filmsOf(app)
  const later = await app.restart()
  await upload(later, numberedFilm(film, 1))
  await later.stop()
  const aside = await restoreSnapshot(app.dataDirectory, name)
  assert.ok(aside)
  await ageAll(app)
  const both = await filmsOf(app)
  assert.ok(both.length > before.length)

  const swept = await sweep(app)
  assert.match(swept.left ?? '', /before a snapshot of it was restored: owners\//)
  assert.deepEqual(await filmsOf(app), both)
  assert.match((await sweep(app, { all: true })).left ?? '', /owners\//, 'the next time, too')

  // Who goes back to what was set aside finds all of it, and nothing of the time between is swept either.
  const restored = `${database}.tried`
  await rename(database, restored)
  await rename(aside, database)
  assert.match((await sweep(app)).left ?? '', /owners\//)
  await rm(database, { recursive: true })
  await rename(restored, database)

  const former = /owners\/[\w-]+/.exec(swept.left ?? '')?.[0] ?? ''
  await rm(join(app.dataDirectory, 'blobs', former))
  assert.equal((await sweep(app)).left, null)
  assert.deepEqual(await filmsOf(app), before)
})
