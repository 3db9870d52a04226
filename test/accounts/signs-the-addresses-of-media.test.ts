import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { createSignedLinks } from '../../server/accounts/signed-links.ts'
import type { VideoId } from '../../shared/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

const key = 'a key that is long enough'
let app: TestApp
let film: string
let other: string

before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', RUSHES_API_KEY: key } })
  const path = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
  const upload = async () => (await app.rushes.videos.upload(path)).id
  film = await upload()
  other = await upload()
  await Promise.all([film, other].map(id => app.rushes.videos.untilReady(id)))
})
after(() => app[Symbol.asyncDispose]())

const statusOf = async (url: string | URL, init?: RequestInit) => (await fetch(url, init)).status
const codeOf = async (url: string | URL) =>
  ((await (await fetch(url)).json()) as { error: { code: string } }).error.code

test('the addresses that the client gives open media, and never hold the key', async () => {
  const client = createRushes({ url: app.url, token: key })
  await client.videos.get(film)
  const { videos } = client
  const urls = [videos.streamUrl(film), videos.thumbnailUrl(film), videos.storyboardUrl(film)]
  for (const url of [...urls, videos.thumbnailUrl(film, { atSeconds: 1 }), (await videos.storyboard(film)).sheetUrl]) {
    assert.match(url, /[?&]token=m2\./)
    assert.ok(!url.includes(encodeURIComponent(key).slice(0, 5)))
    assert.equal(await statusOf(url), 200, url)
    assert.equal(await statusOf(url, { method: 'HEAD' }), 200)
  }
  assert.equal(await statusOf(videos.streamUrl(film), { headers: { range: 'bytes=0-9' } }), 206)
  assert.equal(await statusOf(videos.streamUrl(film, { download: true })), 200)
})

test('the token is the same for a while, so that browsers keep what they loaded', async () => {
  const [one, two] = [createRushes({ url: app.url, token: key }), createRushes({ url: app.url, token: key })]
  await Promise.all([one.videos.get(film), two.videos.get(film)])
  assert.equal(one.videos.streamUrl(film), two.videos.streamUrl(film))
})

test('it opens nothing but media: no list, no talk, no change', async () => {
  await app.rushes.videos.get(film)
  const token = new URL(app.rushes.videos.streamUrl(film)).searchParams.get('token') ?? ''
  for (const path of ['/api/videos', `/api/videos/${film}`, `/api/videos/${film}/messages`, '/api/media-token']) {
    assert.equal(await codeOf(`${app.url}${path}?token=${token}`), 'auth.required', path)
  }
  for (const format of ['csv', 'edl', 'fcpxml'])
    assert.equal(await codeOf(`${app.url}/api/videos/${film}/notes.${format}?token=${token}`), 'auth.invalid', format)
  const bearer = { headers: { authorization: `Bearer ${token}` } }
  assert.equal(await statusOf(`${app.url}/api/videos`, bearer), 401)
  assert.equal(await statusOf(`${app.url}/api/videos/${film}?token=${token}`, { method: 'DELETE' }), 401)
})

test('the address of an export opens that file of that video for a minute, and nothing else', async () => {
  const url = new URL(await app.rushes.videos.notesUrl(film, 'csv', { start: '01:00:00:00' }))
  assert.equal(await statusOf(url), 200)
  const token = url.searchParams.get('token') ?? ''
  const seconds = Number.parseInt(token.split('.')[1] ?? '', 36) - Date.now() / 1000
  assert.ok(seconds > 50 && seconds <= 60, `${seconds}`)
  const others = [
    `${film}/notes.edl`,
    `${other}/notes.csv`,
    `${film}/stream`,
    `${film}/thumbnail`,
    `${film}/transcript.vtt`,
  ]
  for (const path of others)
    assert.equal(await codeOf(`${app.url}/api/videos/${path}?token=${token}`), 'auth.invalid', path)
  for (const path of [film, `${film}/messages`, `${film}/file-token`])
    assert.equal(await codeOf(`${app.url}/api/videos/${path}?token=${token}`), 'auth.required', path)
})

test('a key in an address opens nothing', async () => {
  for (const name of ['stream', 'thumbnail']) {
    assert.equal(await codeOf(`${app.url}/api/videos/${film}/${name}?token=${encodeURIComponent(key)}`), 'auth.invalid')
  }
})

test('addresses for one video open that one alone, until they expire', async () => {
  const { stream, thumbnail, storyboard, expiresAt } = await app.rushes.videos.signedUrls(film, { expiresSeconds: 600 })
  for (const url of [stream, thumbnail, storyboard]) assert.equal(await statusOf(url), 200)
  const inSeconds = (Date.parse(expiresAt ?? '') - Date.now()) / 1000
  assert.ok(inSeconds > 400 && inSeconds <= 600, `${inSeconds}`)
  assert.equal(await codeOf(stream.replace(film, other)), 'auth.invalid')
  await assert.rejects(app.rushes.videos.signedUrls(film, { expiresSeconds: 1 }), { code: 'request.invalid' })
})

test('a token that was changed in any place is refused', async () => {
  const { stream } = await app.rushes.videos.signedUrls(film)
  const token = new URL(stream).searchParams.get('token') ?? ''
  const [version, expires = '', scope, signature = ''] = token.split('.')
  const later = (Number.parseInt(expires, 36) + 1).toString(36)
  const forged = [
    [version, later, scope, signature],
    [version, expires, 'all', signature],
    [version, expires, other, signature],
    [version, expires, scope, signature.slice(0, -1)],
    [version, expires, scope, `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`],
    ['m1', expires, scope, signature],
    ['f1', expires, scope, signature],
    [version, expires, scope, ''],
    [version, expires, scope],
    ['', '', '', ''],
  ]
  for (const parts of forged) {
    const url = new URL(stream)
    url.searchParams.set('token', parts.join('.'))
    assert.equal(await statusOf(url), 401, parts.join('.'))
  }
})

test('an expired one says so, and one of another installation does not fit', () => {
  const id = 'a-video' as VideoId
  const [ours, theirs] = [createSignedLinks('one secret'), createSignedLinks('another')]
  const signer = ours.signerOf('the hash of a key')
  const token = ours.sign({ scope: id, signer, expiresAt: new Date(1_000_000) })
  const asked = { token, subject: id, file: null }
  assert.deepEqual(ours.check(asked, new Date(999_000)), { signer })
  assert.throws(() => ours.check(asked, new Date(1_000_000)), { code: 'auth.expired' })
  assert.throws(() => theirs.check(asked, new Date(999_000)), { code: 'auth.invalid' })
})

test('a token of the version before, which names no key, opens media until it expires, and no files', () => {
  const said = 'm1.zzzzzz.all'
  const signature = createHmac('sha256', 'one secret').update(said).digest('base64url')
  const links = createSignedLinks('one secret')
  const asked = { token: `${said}.${signature}`, subject: 'a-video', file: null }
  assert.deepEqual(links.check(asked), { signer: null })
  assert.throws(() => links.check({ ...asked, file: 'notes.csv' }), { code: 'auth.invalid' })
})

test('a server without a key wants no token and gives none', async () => {
  await using open = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const path = await makeFilm(join(open.dataDirectory, 'film.mp4'), { seconds: 1 })
  const { id } = await open.rushes.videos.upload(path)
  const { stream, expiresAt } = await open.rushes.videos.signedUrls(id)
  assert.equal(expiresAt, null)
  assert.ok(!stream.includes('token'))
  assert.equal(await statusOf(stream), 200)
})
