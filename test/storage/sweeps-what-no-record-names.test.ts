// tier: postgres
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import { sweepStorage } from '../../scripts/storage/sweep-storage.ts'
import { parseConfig } from '../../server/config.ts'
import { databaseOptionsOfCommand } from '../../server/database-options.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { makeFilm } from '../support/make-film.ts'
import { startS3Server } from '../support/s3-server.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { blobsOf } from '../uploads/blobs-of.ts'

const run = promisify(execFile)
const script = new URL('../../scripts/rushes.ts', import.meta.url).pathname
const log = createLog({ level: 'silent', pretty: false })
const dayMs = 24 * 60 * 60_000
const checksum = 'a'.repeat(64)

/** With the server stopped: an embedded database belongs to one process. */
const sweep = (app: TestApp, options: Parameters<typeof sweepStorage>[1] = {}) =>
  sweepStorage(parseConfig(app.env), options)
const keysOf = ({ unnamed }: Awaited<ReturnType<typeof sweep>>) => unnamed.map(({ key }) => key).sort()
const put = async (app: TestApp, key: string, ageMs: number) => {
  const path = join(app.dataDirectory, 'blobs', key)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, 'left behind')
  await utimes(path, new Date(Date.now() - ageMs), new Date(Date.now() - ageMs))
}
/** As an attempt does that is under way on another server. */
async function holdRoom(app: TestApp, { videoId, holder }: { videoId: string; holder: string }): Promise<void> {
  const { db, stop } = await openDatabase(databaseOptionsOfCommand(parseConfig(app.env), log))
  await db.execute(
    sql`insert into reservations (video_id, bytes, until) values (${videoId}, 1, now() + interval '1 hour')`,
  )
  await db.execute(
    sql`insert into leases (name, holder, until) values (${`film:${videoId}`}, ${holder}, now() + interval '1 minute')`,
  )
  await stop()
}

test('what a crash left goes when it is old; what is named, young, or not of our shape stays', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' }, ownDatabase: true })
  const { videos } = app.rushes
  const film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 })
  const captions = '1\n00:00:00,000 --> 00:00:01,000\nHello\n'
  const video = await videos.untilReady((await videos.upload(film, { captions })).id)
  const waiting = await videos.createDirectUpload({ filename: 'waits.mp4' })
  const begun = await fetch(`${app.url}/api/uploads/resumable`, {
    ...{ method: 'POST', headers: { 'tus-resumable': '1.0.0', 'upload-length': '9' } },
  })
  const partId = begun.headers.get('location')?.split('/').at(-1) ?? ''
  const named = await blobsOf(app)
  // However old they are.
  for (const key of named) await utimes(join(app.dataDirectory, 'blobs', key), 1, 1)
  await app.stop()

  const gone = randomUUID()
  const coming = { videoId: randomUUID(), holder: randomUUID() }
  await holdRoom(app, coming)
  const ofKilled = `videos/${video.id}/captions-${randomUUID()}`
  const left = [ofKilled, `originals/${checksum}/film`, `videos/${gone}/hls/720p`, `videos/${gone}/thumbnail`].sort()
  for (const key of left) await put(app, key, dayMs)
  const stays = [
    `videos/${waiting.video.id}/captions-1`,
    `videos/${video.id}/of-a-later-version`,
    `videos/${coming.videoId}/captions-${coming.holder}`,
    'videos/not-an-id/film',
    'others/film',
  ]
  for (const key of stays) await put(app, key, dayMs)
  await put(app, `videos/${randomUUID()}/young`, 60_000)
  // One that is older than a day goes with any start of a server.
  await put(app, '.drafts/old', 0.75 * dayMs)
  await put(app, '.parts/nobody-waits-for-this', 2 * dayMs)
  await put(app, '.parts/nobody-waits-for-this.json', 2 * dayMs)

  const before = await blobsOf(app)
  const env = { ...app.env, PATH: process.env.PATH ?? '' }
  const looked = await run(process.execPath, [script, 'storage', 'sweep', '--json', '--dry-run'], { env })
  const lines = looked.stdout.trim().split('\n')
  const told = lines.map(line => JSON.parse(line) as { type: string; key?: string; removed?: boolean })
  assert.deepEqual(told.flatMap(({ type, key }) => (type === 'file' ? [key] : [])).sort(), left)
  assert.equal(told.at(-1)?.removed, false)
  assert.deepEqual((await blobsOf(app)).sort(), before.sort())
  assert.deepEqual(keysOf(await sweep(app)), left)
  const after = await blobsOf(app)
  for (const key of [...left, '.drafts/old', '.parts/nobody-waits-for-this', '.parts/nobody-waits-for-this.json'])
    assert.ok(!after.includes(key), `${key} was left`)
  for (const key of [...named, ...stays]) assert.ok(after.includes(key), `${key} is gone`)
  assert.ok(after.includes(`.parts/${partId}`) || !named.includes(`.parts/${partId}`))
  assert.deepEqual(keysOf(await sweep(app)), [])
})

test('everything stays where another database has its files too, and where suspiciously much would go', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' }, ownDatabase: true })
  await app.stop()
  await put(app, `originals/${checksum}/film`, dayMs)
  await put(app, `owners/${randomUUID()}`, dayMs)
  assert.match((await sweep(app)).left ?? '', /Another database/)
  assert.ok((await blobsOf(app)).includes(`originals/${checksum}/film`))

  await using other = await startTestApp({ env: { TRANSCRIBER: 'none' }, ownDatabase: true })
  await other.stop()
  for (let count = 0; count < 60; count += 1) await put(other, `videos/${randomUUID()}/thumbnail`, dayMs)
  assert.match((await sweep(other)).left ?? '', /right database/)
  assert.equal((await blobsOf(other)).filter(name => name.startsWith('videos/')).length, 60)
  assert.equal((await sweep(other, { all: true })).left, null)
  assert.equal((await blobsOf(other)).filter(name => name.startsWith('videos/')).length, 0)
})

test('in a bucket: objects and uploads in parts of nobody are found; those that a sender may go on with stay', async () => {
  await using s3 = await startS3Server()
  const bucket = { ...s3.env, STORAGE: 's3', S3_PREFIX: 'films', S3_DIRECT_UPLOADS: 'true' }
  await using app = await startTestApp({ env: { ...bucket, TRANSCRIBER: 'none' }, ownDatabase: true })
  const large = await app.rushes.videos.createDirectUpload({ filename: 'large.mp4', sizeBytes: 200_000_000 })
  const sign = await fetch(`${app.url}/api/uploads/${large.upload.id}/parts`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"numbers":[1]}' },
  })
  assert.equal(sign.status, 200)
  const opened = await s3.openUploads()
  assert.equal(opened.length, 1)
  await s3.leaveParts(`films/originals/${checksum}/film`)
  await s3.leaveParts('of-others/film')
  for (const id of await s3.openUploads()) await s3.ageUpload(id, dayMs)
  await app.stop()
  const { leftovers } = await sweep(app)
  const parts = leftovers.flatMap(({ name, key }) => (key === null ? [] : [name]))
  assert.deepEqual(parts, [`parts of originals/${checksum}/film`])
  assert.deepEqual((await s3.openUploads()).length, 2)
  assert.ok((await s3.openUploads()).includes(opened[0] ?? ''))
})
