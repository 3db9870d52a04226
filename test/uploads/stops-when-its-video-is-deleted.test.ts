import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, until } from '../support/start-test-app.ts'
import { blobsOf } from './blobs-of.ts'

test('a film that is coming stops coming when its video is deleted, and nothing of it is left', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const { videos } = app.rushes
  const film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
  const { video, upload } = await videos.createDirectUpload({ filename: 'film.mp4', sizeBytes: film.length })
  const answer = Promise.withResolvers<string>()
  const sent = request(upload.url, { method: 'PUT', headers: { 'content-length': film.length } }, async response => {
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part as Buffer)
    answer.resolve(Buffer.concat(parts).toString())
  })
  sent.on('error', answer.reject)
  sent.write(film.subarray(0, 10_000))
  await until('it is coming', async () => (await videos.get(video.id)).status === 'uploading')
  await videos.delete(video.id)
  // Its sender says nothing more, and hears of it.
  assert.equal(JSON.parse(await answer.promise).error.code, 'upload.in_progress')
  sent.destroy()

  const again = await fetch(upload.url, { method: 'PUT', body: new Uint8Array(film) })
  assert.match(await again.text(), /"video\.not_found"|"upload\.expired"/)
  assert.equal((await videos.uploadState(upload.id)).status, 'expired')
  await until('what came of it is gone', async () => (await blobsOf(app)).every(name => !/film|original/.test(name)))
})
