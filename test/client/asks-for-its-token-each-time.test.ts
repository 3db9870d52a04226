import assert from 'node:assert/strict'
import { openAsBlob } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes, type NewApiKey, RushesError } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { emptyRoom } from '../support/people.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

const key = 'a key that is long enough'
let app: TestApp
let film: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', RUSHES_API_KEY: key } })
  film = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 })
  // A box of nothing, which players skip: the film does not fit into what a connection holds.
  const box = Buffer.alloc(8_000_000)
  box.writeUInt32BE(box.length)
  box.write('free', 4)
  await appendFile(film, box)
})
after(() => app[Symbol.asyncDispose]())

/** Gives these in turn, the last one from then on. */
function inTurn(...tokens: string[]) {
  let asked = 0
  return {
    get asked() {
      return asked
    },
    token: async () => tokens[Math.min(asked++, tokens.length - 1)] ?? '',
  }
}

test('a request that is refused is sent once more with another token, and no more than that', async () => {
  const good = inTurn('expired', key)
  const rushes = createRushes({ url: app.url, token: good.token })
  assert.deepEqual((await rushes.videos.list()).items, [])
  const before = good.asked
  await rushes.videos.list()
  assert.equal(good.asked, before + 1, 'it is asked for with each request')
  const { token } = await rushes.call('media.token', { query: {} })
  assert.ok(token)
  assert.ok(rushes.videos.streamUrl('a').includes('token='), 'addresses are signed')

  let asked = 0
  const wrong = createRushes({ url: app.url, token: () => `wrong ${++asked}` })
  await assert.rejects(wrong.call('keys.list', {}), { code: 'auth.invalid' })
  // Of the call, and of what signs addresses beside it.
  assert.ok(asked <= 4, `${asked}`)
  let same = 0
  const stale = createRushes({
    url: app.url,
    fetch: async (...given) => {
      same++
      return fetch(...given)
    },
    token: () => 'the same',
  })
  await assert.rejects(stale.call('keys.list', {}), { code: 'auth.invalid' })
  assert.ok(same <= 2, 'the same one is not sent again')
})

test('a token that is not to be had is as if nobody answered, or what its giver says; nobody waits for it for ever', async () => {
  const giving = (token: () => Promise<string>) => createRushes({ url: app.url, token }).videos
  const away = new Error('no session')
  await assert.rejects(giving(() => Promise.reject(away)).list(), { code: 'network', cause: away })
  const final = new RushesError('auth.expired', 'Sign in again.')
  await assert.rejects(giving(() => Promise.reject(final)).list(), final)
  const never = giving(() => new Promise(() => {}))
  await assert.rejects(never.list({ signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' })
})

test('a room whose token ends comes back with another one, and is closed when there is none', async () => {
  const videoId = await emptyRoom(app)
  const keys: NewApiKey[] = []
  for (const name of ['first', 'second']) keys.push(await app.rushes.keys.create(name))
  const [first, second] = keys
  assert.ok(first && second)
  let current = first.secret
  const room = await createRushes({ url: app.url, token: () => current, name: 'Ada' }).rooms.join(videoId)
  const closed: RushesError[] = []
  room.on('closed', reason => closed.push(reason))
  current = second.secret
  await app.rushes.keys.revoke(first.key.id)
  await until('it is away', () => room.status === 'offline')
  await until('it is back', () => room.status === 'live')
  assert.equal((await room.send({ body: 'still here' })).author, 'Ada')
  assert.equal(closed.length, 0)
  await app.rushes.keys.revoke(second.key.id)
  await until('it is closed', () => closed.length > 0)
  assert.equal(closed[0]?.code, 'auth.invalid')
})

test('a room outlives what gives its token being away, and ends when that says so', async () => {
  const videoId = await emptyRoom(app)
  const answers = [
    async () => key,
    () => Promise.reject(new Error('away')),
    async () => 'expired',
    async () => key,
    () => Promise.reject(new RushesError('auth.expired', 'Sign in again.')),
  ]
  let asked = 0
  // What signs addresses is asked beside it, and is no connection.
  const { joinRoom } = await import('../../client-sdk/src/rooms/join-room.ts')
  const { createCredentials } = await import('../../client-sdk/src/http/credentials.ts')
  const credentials = createCredentials(async () => (answers[asked++] ?? answers.at(-1))?.() ?? '')
  const room = await joinRoom({ url: app.url, credentials, name: 'Ada', person: 'the secret of Ada' }, videoId)
  const closed: RushesError[] = []
  room.on('closed', reason => closed.push(reason))
  app = await app.restart()
  await until('it is back', () => asked === 4 && room.status === 'live')
  app = await app.restart()
  await until('it is closed', () => closed.length > 0)
  assert.equal(closed[0]?.code, 'auth.expired')
})

test('uploads show another token when one is refused: as a form, and in parts, before the first and within', async () => {
  const form = inTurn('expired', key)
  const asForm = createRushes({ url: app.url, token: form.token, fetch })
  const blob = await openAsBlob(film)
  assert.equal((await asForm.videos.upload(new File([blob], 'form.mp4'))).filename, 'form.mp4')
  // Of the requests: creation, creation, part, where it is, part.
  const parts = inTurn('expired', key, 'expired', key)
  const inParts = createRushes({ url: app.url, token: parts.token })
  let sent = 0
  const upload = inParts.videos.startUpload(film, {
    resumable: true,
    onProgress: ({ sentBytes }) => (sent = sentBytes),
  })
  const video = await upload.done
  assert.ok(sent > 8_000_000 && parts.asked >= 5)
  const state = await app.rushes.videos.get(video.id)
  assert.equal(state.sizeBytes, video.sizeBytes)
  const wrong = createRushes({ url: app.url, token: () => 'wrong' })
  await assert.rejects(wrong.videos.upload(film, { resumable: true }), { code: 'auth.invalid' })
})

test('whoever shows another secret of the same key is the same sender', async () => {
  const { key: made, secret } = await app.rushes.keys.create('rotated')
  const [once, idempotencyKey] = [{ filename: 'film.mp4' }, 'the same upload']
  const made1 = await createRushes({ url: app.url, token: secret }).videos.createDirectUpload(once, { idempotencyKey })
  const next = await app.rushes.keys.rotate(made.id)
  const again = createRushes({ url: app.url, token: next.secret }).videos
  assert.equal((await again.createDirectUpload(once, { idempotencyKey })).video.id, made1.video.id)
  const elsewhere = await app.rushes.videos.createDirectUpload(once, { idempotencyKey })
  assert.notEqual(elsewhere.video.id, made1.video.id, 'another key may use the same one for itself')
})
