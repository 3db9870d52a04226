// tier: postgres
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { RushesError, Video } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { blobsOf, numberedFilm } from './blobs-of.ts'

let app: TestApp
let film: Buffer
before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
})
after(() => app[Symbol.asyncDispose]())

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const originals = async () => (await blobsOf(app)).filter(name => name.startsWith('originals/'))
const streamed = async ({ id }: Video) =>
  Buffer.from(await (await fetch(`${app.url}/api/videos/${id}/stream?rendition=original`)).arrayBuffer())

/** Each way in which a film comes. */
const ways: Record<string, (bytes: Buffer) => Promise<Video>> = {
  form: bytes => app.rushes.videos.upload(new File([new Uint8Array(bytes)], 'form.mp4')),
  resumable: bytes => app.rushes.videos.upload(new File([new Uint8Array(bytes)], 'tus.mp4'), { resumable: true }),
  async direct(bytes) {
    const { upload } = await app.rushes.videos.createDirectUpload({ filename: 'direct.mp4' })
    const answer = await fetch(upload.url, { method: 'PUT', body: new Uint8Array(bytes) })
    return ((await answer.json()) as { video: Video }).video
  },
}

test('whichever way the same bytes come again, it is said whose they are, and they are stored once', async () => {
  const bytes = numberedFilm(film, 1)
  const first = await app.rushes.videos.upload(new File([new Uint8Array(bytes)], 'first.mp4'))
  assert.equal(first.duplicateOf, null)
  const again: Video[] = []
  for (const send of Object.values(ways)) again.push(await send(bytes))
  assert.deepEqual(
    again.map(video => video.duplicateOf),
    again.map(() => first.id),
  )
  assert.equal(new Set([first, ...again].map(video => video.id)).size, 4)
  assert.deepEqual(await originals(), [`originals/${sha(bytes)}/film`])
  for (const video of again) assert.deepEqual(await streamed(video), bytes)

  // The first one goes: the next is the first now, and the others say so.
  await app.rushes.videos.delete(first.id)
  const left = await Promise.all(again.map(({ id }) => app.rushes.videos.get(id)))
  assert.deepEqual(
    left.map(video => video.duplicateOf),
    [null, left[0]?.id, left[0]?.id],
  )
  assert.deepEqual(await streamed(left[1] as Video), bytes)
  for (const { id } of left) {
    assert.equal((await originals()).length, 1)
    await app.rushes.videos.delete(id)
  }
  assert.deepEqual(await originals(), [])
})

test('an upload of the same bytes in the moment of a deletion never loses its film', async () => {
  const bytes = numberedFilm(film, 2)
  let last = await app.rushes.videos.upload(new File([new Uint8Array(bytes)], 'race.mp4'))
  for (let round = 0; round < 8; round += 1) {
    const [one, other] = await Promise.all([
      ways.form?.(bytes) as Promise<Video>,
      ways.direct?.(bytes) as Promise<Video>,
      app.rushes.videos.delete(last.id),
    ])
    assert.equal((await streamed(one)).length, bytes.length, `round ${round}: the film of a form is gone`)
    await app.rushes.videos.delete(one.id)
    assert.deepEqual(await streamed(other), bytes)
    assert.equal((await app.rushes.videos.get(other.id)).duplicateOf, null)
    last = other
  }
  await app.rushes.videos.delete(last.id)
  assert.deepEqual(await originals(), [])
})

test('a film that is refused takes nothing from those who have its bytes, and leaves nothing of its own', async () => {
  const bytes = numberedFilm(film, 3)
  const refused = () =>
    app.rushes.videos.upload(new File([new Uint8Array(bytes)], 'x.mp4'), { captions: 'these are no captions' })
  await assert.rejects(refused(), (fault: RushesError) => fault.code === 'upload.unsupported_captions')
  assert.deepEqual(await originals(), [])
  const kept = await ways.form?.(bytes)
  await assert.rejects(refused())
  assert.deepEqual(await streamed(kept as Video), bytes)
  await app.rushes.videos.delete((kept as Video).id)
  await until('nothing is left', async () => (await originals()).length === 0)
})
