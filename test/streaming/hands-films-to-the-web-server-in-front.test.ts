import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createHandOff } from '../../server/platform/http/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { nginxMissing, startNginx } from '../support/nginx.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { ask } from './film-app.ts'

test('only what lies in the store is handed off, escaped', () => {
  const accel = createHandOff('x-accel:/films/', '/data/blobs')
  assert.deepEqual(accel?.('/data/blobs/videos/a b/original'), {
    name: 'x-accel-redirect',
    value: '/films/videos/a%20b/original',
  })
  assert.equal(accel?.('/data/other'), null)
  assert.equal(createHandOff('x-sendfile', '/data/blobs')?.('/data/blobs/../other'), null)
  assert.deepEqual(createHandOff('x-sendfile', '/data/blobs')?.('/data/blobs/a'), {
    name: 'x-sendfile',
    value: '/data/blobs/a',
  })
  assert.equal(createHandOff('none', '/data/blobs'), undefined)
})

async function upload(app: TestApp) {
  const path = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
  const { id } = await app.rushes.videos.upload(path)
  await app.rushes.videos.untilReady(id)
  return { path: `/api/videos/${id}/stream`, bytes: await readFile(path) }
}

test('with x-sendfile the answer names the file and has no bytes', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none', STREAM_HANDOFF: 'x-sendfile' } })
  const film = await upload(app)
  const { status, headers, body } = await ask(`${app.url}${film.path}?download=1`, {})
  assert.equal(status, 200)
  assert.equal(body.length, 0)
  assert.deepEqual(await readFile(String(headers['x-sendfile'])), film.bytes)
  assert.equal(headers['content-type'], 'video/mp4')
  assert.match(String(headers['content-disposition']), /^attachment; filename="film\.mp4"/)
})

test('nginx in front sends the film, whole and in ranges, and only to whom Rushes lets', {
  skip: nginxMissing,
}, async () => {
  const key = 'a key that is long enough'
  await using app = await startTestApp({
    env: { TRANSCRIBER: 'none', STREAM_HANDOFF: 'x-accel:/films/', RUSHES_API_KEY: key },
  })
  const film = await upload(app)
  await using nginx = await startNginx(
    listenOn => `server {
      listen ${listenOn};
      location / { proxy_pass ${app.url}; proxy_set_header Host $http_host; }
      location /films/ { internal; alias ${app.dataDirectory}/blobs/; }
    }`,
  )
  const headers = { authorization: `Bearer ${key}` }
  const whole = await ask(`${nginx.url}${film.path}`, { headers })
  assert.equal(whole.status, 200)
  assert.ok(whole.body.equals(film.bytes))
  assert.equal(whole.headers['x-accel-redirect'], undefined, 'where it lies is nobody’s business')
  const part = await ask(`${nginx.url}${film.path}`, { headers: { ...headers, range: 'bytes=100-199' } })
  assert.equal(part.status, 206)
  assert.ok(part.body.equals(film.bytes.subarray(100, 200)))
  assert.equal(part.headers['content-type'], 'video/mp4')
  assert.equal((await ask(`${nginx.url}${film.path}`, {})).status, 401)
  assert.equal((await ask(`${nginx.url}/films/videos/`, { headers })).status, 404, 'the location is internal')
})
