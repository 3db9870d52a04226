import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ServedBlob } from '../../server/platform/http/index.ts'
import { createWarmBlobs } from '../../server/platform/http/warm-blobs.ts'
import { lastingPermit } from '../../server/platform/permit.ts'
import type { VideoId } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { ask } from './film-app.ts'

test('a deleted film is gone at once, though it was streamed a moment ago', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const path = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 })
  const { id } = await app.rushes.videos.upload(path)
  const url = app.rushes.videos.streamUrl(id)
  const headers = { range: 'bytes=0-9' }
  assert.equal((await ask(url, { headers })).status, 206)
  await app.rushes.videos.delete(id)
  assert.equal((await ask(url, { headers })).status, 404)
})

const id = 'a-video' as VideoId

function opened() {
  let closed = 0
  const blob = {
    ...{ sizeBytes: 1, modifiedAt: new Date(), path: null, urlFor: async () => null },
    send: async () => {},
    close: async () => {
      closed += 1
    },
  }
  const served: ServedBlob = { blob, contentType: 'video/mp4', etag: '"film"' }
  return { film: { id, served, headers: {}, permit: lastingPermit }, closed: () => closed }
}

test('a caller who hung up frees the file at once, unless others have it', () => {
  const films = createWarmBlobs()
  const { film, closed } = opened()
  const kept = films.keep('caller', film)
  assert.equal(films.take('caller'), kept)
  films.letGo('caller', kept, true)
  assert.equal(closed(), 0)
  films.letGo('caller', kept, true)
  assert.equal(closed(), 1)
  assert.equal(films.take('caller'), null)
  films.stop()
})

test('a film that changed is given to nobody new, and closed with its last user', () => {
  const films = createWarmBlobs()
  const { film, closed } = opened()
  const kept = films.keep('caller', film)
  films.forget(id)
  assert.equal(films.take('caller'), null)
  assert.equal(closed(), 0)
  films.letGo('caller', kept, false)
  assert.equal(closed(), 1)
})

test('no more than 256 are held open', () => {
  const films = createWarmBlobs()
  const all = Array.from({ length: 300 }, (_, index) => {
    const each = opened()
    films.letGo(`${index}`, films.keep(`${index}`, each.film), false)
    return each.closed
  })
  assert.equal(all.filter(closed => closed() === 1).length, 44)
  films.stop()
  assert.ok(all.every(closed => closed() === 1))
})
