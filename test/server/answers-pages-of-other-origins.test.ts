import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { io } from 'socket.io-client'
import { parseConfig } from '../../server/config.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

const key = 'a key that is long enough'
const friend = 'https://app.example.org'
const stranger = 'https://elsewhere.example'
const tus = { 'tus-resumable': '1.0.0' }
const polling = '/socket.io/?EIO=4&transport=polling'
let app: TestApp
let locked: TestApp
let film: Buffer
let id: string
before(async () => {
  const quiet = { TRANSCRIBER: 'none', CORS_ORIGINS: `https://other.example, ${friend}` }
  app = await startTestApp({ env: quiet })
  locked = await startTestApp({ env: { ...quiet, RUSHES_API_KEY: key } })
  film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 }))
  id = (await app.rushes.videos.upload(new File([new Uint8Array(film)], 'film.mp4'))).id
})
after(async () => {
  await app[Symbol.asyncDispose]()
  await locked[Symbol.asyncDispose]()
})

type Init = Omit<RequestInit, 'headers'> & { headers?: Record<string, string>; origin?: string; at?: TestApp }
const ask = (path: string, { headers, origin = friend, at = app, ...init }: Init = {}) =>
  fetch(new URL(path, at.url), { ...init, headers: { ...headers, ...(origin && { origin }) } })
const preflight = (path: string, method: string, init: Init = {}) =>
  ask(path, { ...init, method: 'OPTIONS', headers: { 'access-control-request-method': method } })
/** Whose pages may read this answer, and nothing that would let cookies through. */
function readers({ headers }: Response): string | null {
  assert.equal(headers.get('access-control-allow-credentials'), null)
  const origin = headers.get('access-control-allow-origin')
  assert.notEqual(origin, '*')
  return origin
}
const exposes = ({ headers }: Response, name: string) =>
  headers.get('access-control-expose-headers')?.toLowerCase().split(', ').includes(name)

test('every door answers pages of the origins that were named', async () => {
  const { upload } = await app.rushes.videos.createDirectUpload({ filename: 'direct.mp4' })
  const put = () => ask(new URL(upload.url).pathname, { method: 'PUT', body: new Uint8Array(film) })
  const begin = { method: 'POST', headers: { ...tus, 'upload-length': '10' } }
  const answers = [
    await ask('/api/videos'),
    await ask(`/api/videos/${id}`),
    await ask('/api/videos/nothing'),
    await ask('/api/nowhere'),
    await ask(`/api/videos/${id}/stream`, { headers: { range: 'bytes=0-9' } }),
    await ask(`/api/videos/${id}/stream`, { headers: { range: 'bytes=0-9' } }),
    await ask(`/api/videos/${id}/stream`, { headers: { range: 'bytes=99999999-' } }),
    await put(),
    await ask('/api/uploads/resumable', begin),
    await ask('/api/uploads/resumable/0190aaaa-0000-7000-8000-000000000000', { method: 'HEAD', headers: tus }),
    await ask(polling),
  ]
  assert.deepEqual(
    answers.map(answer => answer.status),
    [200, 200, 404, 404, 206, 206, 416, 200, 201, 404, 200],
  )
  for (const answer of answers) {
    assert.equal(readers(answer), friend, answer.url)
    assert.match(answer.headers.get('vary') ?? '', /\borigin\b/i, answer.url)
    await answer.body?.cancel()
  }
  for (const answer of answers.slice(0, -1))
    for (const name of ['content-range', 'etag', 'accept-ranges', 'x-request-id', 'location', 'upload-offset'])
      assert.ok(exposes(answer, name), `${name} of ${answer.url}`)
})

test('the question before a request is answered without a key, and allows what the client sends', async () => {
  for (const at of [app, locked]) {
    for (const [path, method] of [
      ['/api/videos', 'POST'],
      [`/api/videos/${id}/stream`, 'GET'],
      ['/api/uploads/any-id-at-all', 'PUT'],
      ['/api/uploads/resumable', 'POST'],
      ['/api/uploads/resumable/any-id-at-all', 'PATCH'],
    ] as const) {
      const answer = await preflight(path, method, { at })
      assert.deepEqual([answer.status, readers(answer)], [204, friend], path)
      assert.ok(answer.headers.get('access-control-allow-methods')?.split(', ').includes(method))
      const sent = answer.headers.get('access-control-allow-headers')?.toLowerCase().split(', ')
      for (const name of [
        'authorization',
        'content-type',
        'range',
        'idempotency-key',
        'tus-resumable',
        'upload-offset',
      ])
        assert.ok(sent?.includes(name), `${name} at ${path}`)
    }
    assert.equal(readers(await preflight(polling, 'POST', { at })), friend)
  }
  // Not before a request: tus's own question, what the server can.
  const abilities = await ask('/api/uploads/resumable', { method: 'OPTIONS' })
  assert.deepEqual([abilities.headers.get('tus-version'), readers(abilities)], ['1.0.0', friend])
})

test('a key is wanted from pages of these origins as from everyone, and they can read that', async () => {
  const refused = await ask('/api/videos', { at: locked })
  assert.deepEqual([refused.status, readers(refused)], [401, friend])
  const refusedParts = await ask('/api/uploads/resumable', { at: locked, method: 'POST', headers: tus })
  assert.deepEqual([refusedParts.status, readers(refusedParts)], [401, friend])
  const welcome = await ask('/api/videos', { at: locked, headers: { authorization: `Bearer ${key}` } })
  assert.deepEqual([welcome.status, readers(welcome)], [200, friend])
})

test('pages of any other origin read nothing, and without a key they are refused', async () => {
  for (const origin of [stranger, 'null', `${friend}.evil.example`, 'http://app.example.org', `${friend}:8443`]) {
    const foreign = await ask('/api/videos', { origin })
    assert.deepEqual([foreign.status, readers(foreign)], [403, null], origin)
    assert.equal(readers(await ask('/api/videos', { origin, at: locked })), null)
    for (const path of ['/api/videos', '/api/uploads/resumable', polling])
      assert.equal(readers(await preflight(path, 'POST', { origin })), null, `${path} for ${origin}`)
  }
  assert.equal(readers(await ask('/api/videos', { origin: '' })), null)
})

test('where no origins are named, no door speaks of them', async () => {
  await using plain = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const origin = plain.url
  const begin = { method: 'POST', headers: { ...tus, 'upload-length': '10' } }
  for (const [path, init] of [
    ['/api/videos', {}],
    ['/api/uploads/resumable', begin],
    ['/api/uploads/resumable', { method: 'OPTIONS' }],
    [polling, {}],
  ] as const) {
    const answer = await ask(path, { ...init, origin, at: plain })
    const names = [...answer.headers.keys()].filter(name => name.startsWith('access-control-'))
    assert.deepEqual([answer.status < 300, names], [true, []], path)
  }
})

test('rooms let in pages of these origins, and no others', async () => {
  const connect = (origin: string) =>
    io(`${app.url}/rooms`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { origin },
    })
  const welcome = connect(friend)
  await once(welcome as never, 'connect')
  welcome.close()
  const [fault] = (await once(connect(stranger) as never, 'connect_error')) as [{ data: { error: { code: string } } }]
  assert.equal(fault.data.error.code, 'auth.foreign_origin')
})

test('only whole origins are taken: no wildcard, no path, no `null`', () => {
  for (const wrong of [
    '*',
    'null',
    'app.example.org',
    `${friend}/`,
    `${friend}/page`,
    'https://*.example.org',
    'ftp://a.b',
  ])
    assert.throws(() => parseConfig({ CORS_ORIGINS: wrong }), /CORS_ORIGINS: origins such as/, wrong)
  assert.deepEqual(parseConfig({ CORS_ORIGINS: ' http://localhost:5173 ,' }).CORS_ORIGINS, ['http://localhost:5173'])
  assert.deepEqual(parseConfig({}).CORS_ORIGINS, [])
})
