import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, test } from 'node:test'
import {
  type BlobStore,
  createDiskBlobs,
  createMigratingBlobs,
  openS3Blobs,
} from '../../server/platform/blobs/index.ts'
import { openBucket } from '../../server/platform/blobs/s3/bucket.ts'
import { copyObject } from '../../server/platform/blobs/s3/copy-object.ts'
import { findObject } from '../../server/platform/blobs/s3/read-object.ts'
import { blobStoreContract, entriesOf } from '../contract/blob-store.ts'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { until } from '../support/until.ts'

let server: S3Server
before(async () => {
  server = await startS3Server()
})
after(() => server[Symbol.asyncDispose]())

const mebibyte = 1024 * 1024
let stores = 0

const access = (endpoint: string) => ({
  ...{ endpoint, bucket: server.bucket, region: 'us-east-1' },
  ...{ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
})

/** A store below a prefix of its own. */
async function createStore({ maxBytes = 100 * mebibyte, endpoint = server.url } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'blobs-'))
  const prefix = `store-${++stores}`
  const uses: boolean[] = []
  const store = await openS3Blobs({
    ...{ ...access(endpoint), prefix },
    local: { directory, maxBytes, onUse: ({ hit }) => uses.push(hit) },
  })
  return {
    ...{ store, directory, prefix, uses },
    async localFiles() {
      return (await readdir(directory, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
    },
    async [Symbol.asyncDispose]() {
      await store.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function write(store: BlobStore, key: string, bytes: string | Buffer) {
  const draft = await store.draft(key)
  draft.stream.end(bytes)
  await once(draft.stream, 'finish')
  await draft.commit()
}
async function read(store: BlobStore, key: string): Promise<Buffer> {
  const blob = await store.open(key)
  assert.ok(blob)
  const through = new PassThrough()
  const chunks = through.toArray()
  await blob.send(0, blob.sizeBytes - 1, through)
  through.end()
  await blob.close()
  return Buffer.concat(await chunks)
}
const untilSeen = (wanted: string, part: string) =>
  until(`${wanted} ${part}`, async () =>
    (await server.seen()).some(({ method, url }) => method === wanted && url.includes(part)),
  )
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

blobStoreContract('an object store', () => createStore(), { keepsOpened: false })
blobStoreContract(
  'a store in the middle of a move',
  async () => {
    const s3 = await createStore()
    const old = createDiskBlobs({ directory: join(s3.directory, 'old') })
    return { store: createMigratingBlobs(s3.store, old), [Symbol.asyncDispose]: () => s3[Symbol.asyncDispose]() }
  },
  { keepsOpened: false },
)

test('a large file goes in parts, side by side, and comes back as it was; no part is left over', async () => {
  await using under = await createStore()
  const film = randomBytes(27 * mebibyte + 5)
  await server.seen()
  await write(under.store, 'videos/a/original', film)
  const parts = (await server.seen()).filter(({ method, url }) => method === 'PUT' && url.includes('partNumber='))
  assert.equal(parts.length, 4)
  assert.equal(sha(await read(under.store, 'videos/a/original')), sha(film))
  assert.deepEqual(await server.openUploads(), [])
})

test('a part that fails is sent again', async () => {
  await using under = await createStore()
  const film = randomBytes(20 * mebibyte)
  await server.fail({ method: 'PUT', part: `${under.prefix}/videos/a/original?partNumber=2`, times: 1, status: 503 })
  await write(under.store, 'videos/a/original', film)
  assert.equal(sha(await read(under.store, 'videos/a/original')), sha(film))
})

test('an upload that fails for good leaves no parts and no object, and its draft may be committed again', async () => {
  await using under = await createStore()
  const draft = await under.store.draft('videos/a/original')
  draft.stream.end(randomBytes(20 * mebibyte))
  await server.fail({ method: 'PUT', part: `${under.prefix}/videos/a/original?partNumber=2`, times: 3, status: 503 })
  await assert.rejects(draft.commit(), { code: 'storage.unavailable' })
  assert.deepEqual(await server.openUploads(), [])
  assert.equal(await under.store.stat('videos/a/original'), null)
  assert.equal((await draft.commit()).sizeBytes, 20 * mebibyte)
})

test('a signal ends an upload under way: nothing of it is left, here or there', async () => {
  await using under = await createStore()
  const cancel = new AbortController()
  const draft = await under.store.draft('videos/a/original', { signal: cancel.signal })
  draft.stream.end(randomBytes(30 * mebibyte))
  await server.fail({
    method: 'PUT',
    part: `${under.prefix}/videos/a/original?partNumber=3`,
    times: 1,
    delayMs: 60_000,
  })
  const commit = draft.commit()
  await untilSeen('PUT', `${under.prefix}/videos/a/original?partNumber=3`)
  cancel.abort(new Error('not wanted any more'))
  await assert.rejects(commit, { message: 'not wanted any more' })
  await draft.discard()
  assert.deepEqual(await server.openUploads(), [])
  assert.equal(await under.store.stat('videos/a/original'), null)
  assert.deepEqual(await under.localFiles(), [])
})

test('a connection that breaks midway is taken up where it broke', async () => {
  await using under = await createStore()
  const film = randomBytes(3 * mebibyte)
  await write(under.store, 'videos/a/original', film)
  await server.fail({ method: 'GET', part: `${under.prefix}/videos/a/original`, times: 2, cutAfterBytes: mebibyte })
  await server.seen()
  assert.equal(sha(await read(under.store, 'videos/a/original')), sha(film))
  assert.equal((await server.seen()).filter(({ method }) => method === 'GET').length, 3)
})

test('whoever hangs up ends the request for the bytes as well', { timeout: 10_000 }, async () => {
  await using under = await createStore()
  await write(under.store, 'videos/a/original', Buffer.alloc(5 * mebibyte))
  await server.fail({ method: 'GET', part: `${under.prefix}/videos/a/original`, times: 1, delayMs: 60_000 })
  const blob = await under.store.open('videos/a/original')
  const to = new PassThrough()
  await server.seen()
  const sending = blob?.send(0, 5 * mebibyte - 1, to)
  await untilSeen('GET', `${under.prefix}/videos/a/original`)
  to.destroy()
  await sending
})

test('where If-Match is not obeyed the bytes of another version are not sent either', async () => {
  await using under = await createStore()
  await write(under.store, 'videos/a/original', 'first')
  const blob = await under.store.open('videos/a/original')
  await write(under.store, 'videos/a/original', 'other')
  const part = `${under.prefix}/videos/a/original`
  await server.fail({ method: 'GET', part, times: 1, ignoresIfMatch: true })
  const to = new PassThrough()
  await assert.rejects(async () => blob?.send(0, 4, to), { code: 'storage.not_found' })
  assert.equal(to.readableLength, 0)
})

test('tools that want the same file at once share one download; what was just stored is here already', async () => {
  await using under = await createStore()
  const film = randomBytes(2 * mebibyte)
  await write(under.store, 'videos/a/original', film)
  assert.equal(sha(await under.store.withFile('videos/a/original', path => readFile(path))), sha(film))
  assert.deepEqual(under.uses, [true])
  await using other = await createStore()
  await write(other.store, 'videos/b/original', film)
  await using elsewhere = await createS3Elsewhere(other.prefix)
  await server.seen()
  const paths = await Promise.all(
    [1, 2, 3].map(() =>
      elsewhere.store.withFile('videos/b/original', async path => {
        assert.equal(sha(await readFile(path)), sha(film))
        return path
      }),
    ),
  )
  assert.equal(new Set(paths).size, 1)
  assert.equal((await server.seen()).filter(({ method }) => method === 'GET').length, 1)
})

async function createS3Elsewhere(prefix: string) {
  const directory = await mkdtemp(join(tmpdir(), 'blobs-'))
  const store = await openS3Blobs({
    ...{ endpoint: server.url, bucket: server.bucket, region: 'us-east-1', prefix },
    ...{ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    local: { directory, maxBytes: 100 * mebibyte },
  })
  return {
    store,
    async [Symbol.asyncDispose]() {
      await store.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

test('local copies stay below their limit: the one that was asked for longest ago goes, none that is read', async () => {
  await using under = await createStore({ maxBytes: 2.5 * mebibyte })
  for (const name of ['a', 'b']) await write(under.store, `videos/${name}/original`, randomBytes(mebibyte))
  await under.store.withFile('videos/a/original', async () => {
    await write(under.store, 'videos/c/original', randomBytes(mebibyte))
    await write(under.store, 'videos/d/original', randomBytes(mebibyte))
  })
  await until('two are left', async () => (await under.localFiles()).length === 2)
  under.uses.length = 0
  for (const name of ['a', 'd', 'b']) await under.store.withFile(`videos/${name}/original`, async () => {})
  assert.deepEqual(under.uses, [true, true, false])
})

test('a film that is replaced is fetched anew', async () => {
  await using under = await createStore()
  await write(under.store, 'videos/a/original', 'old')
  await using elsewhere = await createS3Elsewhere(under.prefix)
  const text = () => elsewhere.store.withFile('videos/a/original', path => readFile(path, 'utf8'))
  assert.equal(await text(), 'old')
  await write(under.store, 'videos/a/original', 'new')
  assert.equal(await text(), 'new')
})

test('more than a page of objects is listed and removed', { timeout: 100_000 }, async () => {
  await using under = await createStore({ maxBytes: 0 })
  const names = Array.from({ length: 1_050 }, (_, n) => `videos/a/pictures/${String(n).padStart(4, '0')}`)
  for (let n = 0; n < names.length; n += 50)
    await Promise.all(names.slice(n, n + 50).map(name => write(under.store, name, '.')))
  const listed = await entriesOf(under.store, 'videos/')
  assert.deepEqual(
    listed.map(({ key }) => key),
    names,
  )
  await under.store.removeAll('videos/a/')
  assert.deepEqual(
    (await server.objects()).filter(name => name.startsWith(`${under.prefix}/`)),
    [],
  )
})

test('where nobody listens every call says so', async () => {
  await using gone = await createStore({ endpoint: 'http://127.0.0.1:9' })
  const unavailable = { code: 'storage.unavailable' }
  const { store } = gone
  await assert.rejects(store.open('videos/a/original'), unavailable)
  await assert.rejects(store.stat('videos/a/original'), unavailable)
  await assert.rejects(write(store, 'videos/a/original', 'film'), unavailable)
  await assert.rejects(
    store.withFile('videos/a/original', async () => {}),
    unavailable,
  )
  await assert.rejects(store.removeAll('videos/a/'), unavailable)
  await assert.rejects(store.remove('videos/a/original'), unavailable)
  await assert.rejects(entriesOf(store, ''), unavailable)
  await assert.rejects(store.check(), { ...unavailable, message: /127\.0\.0\.1:9/ })
})

test('stopping ends what is under way, and leaves no local file', async () => {
  const under = await createStore()
  const draft = await under.store.draft('videos/a/original')
  draft.stream.end(randomBytes(30 * mebibyte))
  await server.fail({
    method: 'PUT',
    part: `${under.prefix}/videos/a/original?partNumber=3`,
    times: 1,
    delayMs: 60_000,
  })
  const commit = draft.commit()
  await untilSeen('PUT', `${under.prefix}/videos/a/original?partNumber=3`)
  const refused = assert.rejects(commit, { code: 'server.stopping' })
  await under.store.stop()
  await refused
  assert.deepEqual(await readdir(under.directory), [])
  assert.deepEqual(await server.openUploads(), [])
  await under[Symbol.asyncDispose]()
})

test('URLs: anyone may read by one, in ranges and under a name, until it expires, and only what it was signed for', async () => {
  await using under = await createStore()
  await write(under.store, 'videos/a/original', '0123456789')
  const { direct } = under.store
  assert.ok(direct)
  const options = { expiresSeconds: 60, contentType: 'video/mp4', filename: 'the film.mp4', download: true }
  const url = (await direct.urlOf('videos/a/original', options)) ?? ''
  const answer = await fetch(url, { headers: { range: 'bytes=2-4' } })
  assert.equal(answer.status, 206)
  assert.equal(await answer.text(), '234')
  assert.equal(answer.headers.get('content-type'), 'video/mp4')
  assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="the film.mp4"')
  assert.equal((await fetch(url.replace('/a/original', '/b/original'))).status, 403)
  const short = (await direct.urlOf('videos/a/original', { expiresSeconds: 1 })) ?? ''
  await until('it has expired', async () => (await fetch(short)).status === 403)
})

test('URLs: a file is sent to one, of the size and type that were agreed', async () => {
  await using under = await createStore()
  const { direct } = under.store
  assert.ok(direct)
  const url = await direct.putUrl('videos/a/original', { expiresSeconds: 60, sizeBytes: 4, contentType: 'video/mp4' })
  const put = (body: string, type: string) => fetch(url, { method: 'PUT', body, headers: { 'content-type': type } })
  assert.equal((await put('a longer film', 'video/mp4')).status, 403)
  assert.equal((await put('film', 'text/html')).status, 403)
  assert.equal(await under.store.stat('videos/a/original'), null)
  assert.equal((await put('film', 'video/mp4')).status, 200)
  assert.equal((await read(under.store, 'videos/a/original')).toString(), 'film')
})

test('URLs: a file is sent in parts, in any order, and appears when they are finished', async () => {
  await using under = await createStore()
  const { direct } = under.store
  assert.ok(direct)
  const film = randomBytes(12 * mebibyte)
  const key = 'videos/a/original'
  const uploadId = await direct.startParts(key)
  const parts = await Promise.all(
    [3, 1, 2].map(async number => {
      const body = film.subarray((number - 1) * 5 * mebibyte, number * 5 * mebibyte)
      const url = await direct.partUrl(key, { uploadId, number }, { expiresSeconds: 60, sizeBytes: body.length })
      const answer = await fetch(url, { method: 'PUT', body })
      assert.equal(answer.status, 200)
      return { number, etag: answer.headers.get('etag') ?? '' }
    }),
  )
  assert.equal(await under.store.stat(key), null)
  assert.equal((await direct.finishParts(key, uploadId, parts)).sizeBytes, film.length)
  assert.equal(sha(await read(under.store, key)), sha(film))
  const other = await direct.startParts(key)
  await direct.abortParts(key, other)
  await direct.abortParts(key, other)
  assert.deepEqual(await server.openUploads(), [])
})

test('what others wrote is looked at as one version, and the store copies that one or none', async () => {
  await using under = await createStore()
  const { direct } = under.store
  assert.ok(direct)
  const send = async (body: string) =>
    fetch(await direct.putUrl('incoming/a', { expiresSeconds: 60 }), { method: 'PUT', body })
  const take = async () => {
    const found = await direct.find('incoming/a')
    assert.ok(found)
    const draft = await found.draft('videos/a/draft')
    await pipeline(found.bytes(new AbortController().signal), draft.stream)
    return draft
  }
  assert.equal(await direct.find('incoming/a'), null)
  await send('a film')
  const first = await take()
  assert.equal(await readFile(first.path, 'utf8'), 'a film')
  await server.seen()
  await first.commit('videos/a/original')
  assert.equal((await read(under.store, 'videos/a/original')).toString(), 'a film')
  const sent = (await server.seen()).filter(({ method }) => method === 'PUT')
  assert.equal(sent.length, 1)
  // What was written to the draft is the copy that tools get.
  await under.store.withFile('videos/a/original', async path => assert.equal(await readFile(path, 'utf8'), 'a film'))
  assert.equal(under.uses.at(-1), true)

  const late = await take()
  await send('a lure')
  await assert.rejects(late.commit('videos/b/original'), { code: 'storage.not_found' })
  await late.discard()
  assert.equal(await under.store.stat('videos/b/original'), null)
  assert.equal(new URL(await direct.putUrl('incoming/a', { expiresSeconds: 60 })).origin, await direct.origin())
})

test('a large object is copied in parts, and nothing of it is left when that fails', async context => {
  await using under = await createStore()
  const film = randomBytes(12 * mebibyte)
  await write(under.store, 'incoming/a', film)
  const bucket = openBucket({ ...access(server.url), prefix: under.prefix })
  context.after(() => bucket.stop())
  const from = await findObject(bucket, 'incoming/a')
  assert.ok(from)
  const copy = { from, key: 'videos/a/original', partBytes: 5 * mebibyte, signal: new AbortController().signal }
  await server.fail({ method: 'PUT', part: 'partNumber=2', times: 1, status: 403 })
  await assert.rejects(copyObject(bucket, copy), { code: 'storage.unavailable' })
  assert.deepEqual([await under.store.stat(copy.key), await server.openUploads()], [null, []])
  await copyObject(bucket, copy)
  assert.equal(sha(await read(under.store, copy.key)), sha(film))
})
