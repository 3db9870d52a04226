import assert from 'node:assert/strict'
import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { eq } from 'drizzle-orm'
import { createRushes, uploadTo } from '../../client-sdk/src/index.ts'
import { parseConfig } from '../../server/config.ts'
import { databaseOptions } from '../../server/database-options.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { videos } from '../../server/videos/schema.ts'
import type { VideoId } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp } from '../support/start-test-app.ts'

test('who brought a film is noted, whichever way it came: the key, whoever sends the bytes', async () => {
  await using app = await startTestApp({
    env: { TRANSCRIBER: 'none', RUSHES_API_KEY: 'a key that is long enough' },
    ownDatabase: true,
  })
  const film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 })
  const { key, secret } = await app.rushes.keys.create('a program')
  const mine = createRushes({ url: app.url, token: secret }).videos
  const form = await mine.upload(new File([await openAsBlob(film)], 'form.mp4'))
  const parts = await mine.upload(film, { resumable: true })
  const { video, upload } = await mine.createDirectUpload({ filename: 'direct.mp4' })
  await uploadTo(upload, film)
  const theirs = await app.rushes.videos.createDirectUpload({ filename: 'theirs.mp4' })
  await app.stop()

  const log = createLog({ level: 'silent', pretty: false })
  const database = await openDatabase(databaseOptions(parseConfig(app.env), log))
  const broughtBy = async (id: string) => {
    const who = { by: videos.requestedBy }
    const [row] = await database.db
      .select(who)
      .from(videos)
      .where(eq(videos.id, id as VideoId))
    return row?.by
  }
  for (const { id } of [form, parts, video]) assert.equal(await broughtBy(id), key.id)
  assert.equal(await broughtBy(theirs.video.id), 'RUSHES_API_KEY')
  await database.stop()
})
