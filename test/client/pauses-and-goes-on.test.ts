import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRushes, type RunningUpload, type UploadStanding } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { openProxy } from '../support/open-proxy.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'

const heldBytes = 200_000
let app: TestApp
let path: string
let film: Buffer
let checksum: string
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  path = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 8, size: '640x360' })
  // With a box that means nothing behind it, so that there is enough to send.
  film = Buffer.concat([await readFile(path), freeBox(16_000_000)])
  checksum = `sha256:${createHash('sha256').update(film).digest('hex')}`
})
after(() => app[Symbol.asyncDispose]())

const freeBox = (bytes: number): Buffer => {
  const box = Buffer.alloc(bytes)
  box.writeUInt32BE(bytes)
  box.write('free', 4)
  return box
}
const parts = () => readdir(join(app.dataDirectory, 'blobs', '.parts'))
const begin = (url: string, options: object = {}) => {
  const told: UploadStanding[] = []
  const file = new File([new Uint8Array(film)], 'film.mp4')
  const onState = (standing: UploadStanding) => told.push(standing)
  const upload = createRushes({ url }).videos.startUpload(file, { resumable: true, onState, ...options })
  return { upload, states: () => told.map(({ state }) => state) }
}
const isHeld = (upload: RunningUpload, proxy: { passedBytes(): number }) =>
  until('it is on its way', () => upload.canPause && proxy.passedBytes() >= heldBytes)

test('paused, nothing more is sent; continued, it goes on where it was, and the film is the one that was sent', async () => {
  await using proxy = await openProxy(app.url)
  proxy.hold(heldBytes)
  const { upload, states } = begin(proxy.url)
  assert.deepEqual([upload.state, upload.canPause], ['sending', false])
  await isHeld(upload, proxy)
  upload.pause()
  assert.equal(upload.state, 'paused')
  proxy.release()
  await until('nothing is sent any more', () => proxy.connections() === 0)
  assert.ok(proxy.passedBytes() < film.length)
  assert.equal((await parts()).length > 0, true, 'what was sent is not kept')

  upload.resume()
  assert.equal((await upload.done).checksum, checksum)
  assert.deepEqual([upload.state, upload.canPause], ['done', false])
  assert.deepEqual(states(), ['sending', 'paused', 'sending', 'done'])
  assert.deepEqual(await parts(), [], 'it began anew, and left what was sent before')
})

test('pausing and continuing at every turn, also without a breath between, harms nothing', async () => {
  await using proxy = await openProxy(app.url)
  proxy.hold(heldBytes)
  const { upload } = begin(proxy.url)
  await isHeld(upload, proxy)
  for (let turn = 0; turn < 20; turn++) {
    upload.pause()
    upload.resume()
    if (turn % 3 === 0) await createRushes({ url: app.url }).videos.list()
  }
  upload.pause()
  upload.pause()
  assert.equal(upload.state, 'paused')
  upload.resume()
  proxy.release()
  assert.equal((await upload.done).checksum, checksum)
  upload.pause()
  upload.cancel()
  assert.equal(upload.state, 'done')
})

test('a broken connection is told, and tried again by itself and when asked to', async () => {
  await using proxy = await openProxy(app.url)
  proxy.hold(heldBytes)
  const { upload, states } = begin(proxy.url)
  await isHeld(upload, proxy)
  proxy.cut()
  await until('it says so', () => upload.state === 'reconnecting')
  proxy.release()
  proxy.mend()
  upload.resume()
  assert.equal((await upload.done).checksum, checksum)
  assert.deepEqual(states().slice(0, 2), ['sending', 'reconnecting'])
})

test('cancelled while it runs or is paused, it leaves nothing', async () => {
  for (const pauseFirst of [false, true]) {
    await using proxy = await openProxy(app.url)
    proxy.hold(heldBytes)
    const { upload, states } = begin(proxy.url)
    await isHeld(upload, proxy)
    if (pauseFirst) upload.pause()
    proxy.release()
    upload.cancel()
    upload.resume()
    await assert.rejects(upload.done, { name: 'AbortError' })
    assert.deepEqual([upload.state, states().at(-1)], ['cancelled', 'cancelled'])
    await until('its parts are gone', async () => (await parts()).length === 0)
  }
})

test('one in a single request can be cancelled and not paused; a refusal is told as failed', async () => {
  await using proxy = await openProxy(app.url)
  proxy.hold(heldBytes)
  const { upload } = begin(proxy.url, { resumable: false })
  await until('it is on its way', () => proxy.passedBytes() >= heldBytes)
  upload.pause()
  assert.deepEqual([upload.state, upload.canPause], ['sending', false])
  upload.cancel()
  await assert.rejects(upload.done, { name: 'AbortError' })

  const junk = app.rushes.videos.startUpload(new File(['no film'], 'no-film.mp4'))
  await assert.rejects(junk.done, { code: 'upload.unsupported_media' })
  assert.equal(junk.state, 'failed')
})
