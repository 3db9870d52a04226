import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { RushesError } from '../../client-sdk/src/index.ts'
import { isPublicAddress } from '../../server/platform/outbound/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { blobsOf } from '../uploads/blobs-of.ts'
import { openFilmSite, sendFilm } from './film-site.ts'

let app: TestApp
let film: Buffer
before(async () => {
  const limits = {
    MAX_UPLOAD_BYTES: '2000000',
    FETCH_IDLE_SECONDS: '1',
    FETCH_TIMEOUT_SECONDS: '4',
    FETCH_ATTEMPTS: '2',
  }
  app = await startTestApp({ env: { TRANSCRIBER: 'none', FETCH_PRIVATE_ADDRESSES: '127.0.0.1', ...limits } })
  film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
})
after(() => app[Symbol.asyncDispose]())

const failed = (code: string, message = /./) => {
  return (fault: unknown) => fault instanceof RushesError && fault.code === code && message.test(fault.message)
}
const nothingLeft = async () => {
  await until('nothing is left', async () => (await blobsOf(app)).every(name => !/film|original|fetched/.test(name)))
}
/** Fetches it, and answers with what became of it. */
const outcome = async (url: string) => {
  const { id } = await app.rushes.videos.fetch(url)
  return app.rushes.videos.untilReady(id)
}

test('no address that leads to this machine or its neighbours is a public one', () => {
  const inside = [
    ...['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.0.8', '198.18.0.1'],
    ...['::1', '::', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '64:ff9b:1::a00:1'],
    ...['fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '2002:7f00:1::', '2001::1'],
    ...['4000::1', 'localhost', ''],
  ]
  assert.deepEqual(inside.filter(isPublicAddress), [])
  assert.deepEqual(['8.8.8.8', '2606:4700::1111'].filter(isPublicAddress).length, 2)
})

test('a private address is refused at once, however it is written, and a name that leads to one', async () => {
  await using closed = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  await using site = await openFilmSite((request, response) => sendFilm(request, response, { film }))
  const { videos } = closed.rushes
  const { port } = new URL(site.at('/'))
  const hosts = ['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]']
  for (const host of [...hosts, '169.254.169.254', '10.0.0.1', '[fd00:ec2::254]'])
    await assert.rejects(videos.fetch(`http://${host}:${port}/film.mp4`), failed('fetch.address_refused'), host)
  const withPassword = `http://ada:secret@example.org/film.mp4`
  await assert.rejects(videos.fetch(withPassword), failed('fetch.address_refused', /password out of the address/))
  for (const url of ['file:///etc/passwd', 'ftp://example.org/film.mp4', 'film.mp4'])
    await assert.rejects(videos.fetch(url), failed('request.invalid', /http or https/), url)
  assert.equal((await videos.list()).items.length, 0)

  const { id } = await videos.fetch(site.at('/film.mp4', 'localhost'))
  await assert.rejects(videos.untilReady(id), failed('fetch.address_refused', /FETCH_PRIVATE_ADDRESSES/))
  assert.equal(site.asked.length, 0, 'it was asked')
})

test('an address that leads to a private one is refused, and one that leads round and round', async () => {
  await using inside = await openFilmSite((request, response) => sendFilm(request, response, { film }))
  const port = new URL(inside.at('/')).port
  await using site = await openFilmSite(({ url }, response) => {
    const to: Record<string, string> = {
      '/inside': `http://127.0.0.2:${port}/film.mp4`,
      '/other': 'file:///etc/passwd',
      '/password': `http://ada:secret@127.0.0.1:${port}/film.mp4`,
      '/round': '/round',
    }
    response.writeHead(302, { location: to[url ?? ''] }).end()
  })
  for (const path of ['/inside', '/other', '/password'])
    await assert.rejects(outcome(site.at(path)), failed('fetch.address_refused'), path)
  await assert.rejects(outcome(site.at('/round')), failed('fetch.refused', /more than 5 times/))
  assert.equal(inside.asked.length, 0, 'it was asked')
})

test('what is too large is refused, whether it was said before or not', async () => {
  await using site = await openFilmSite(({ url }, response) => {
    const head = film.subarray(0, 8192)
    response.writeHead(200, url === '/said' ? { 'content-length': 3_000_000 } : {})
    response.write(head)
    if (url === '/unsaid') response.write(Buffer.alloc(3_000_000))
  })
  await assert.rejects(outcome(site.at('/said')), failed('upload.too_large', /2000000 bytes at most/))
  await assert.rejects(outcome(site.at('/unsaid')), failed('upload.too_large'))
  await until('nobody listens any more', () => site.open === 0)
  await nothingLeft()
})

test('a server that is silent is left, and tried again; one that only drips is given up', async () => {
  await using site = await openFilmSite(({ url }, response) => {
    response.writeHead(200, { 'content-length': film.length })
    response.write(film.subarray(0, 8192))
    if (url !== '/drips') return
    const dripping = setInterval(() => response.write(Buffer.alloc(1)), 200)
    response.on('close', () => clearInterval(dripping))
  })
  const { videos } = app.rushes
  const { id } = await videos.fetch(site.at('/silent'))
  await assert.rejects(videos.untilReady(id), failed('fetch.failed', /sent nothing for 1 s/))
  // What came of it is kept for whoever tries again, and goes with its video.
  await videos.delete(id)
  assert.ok(site.asked.length >= 2)
  await assert.rejects(outcome(site.at('/drips')), failed('fetch.too_slow', /within 4 s/))
})

test('an answer that changes the protocol is none, and holds nobody up', async () => {
  await using site = await openFilmSite((_request, { socket }) => {
    socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  })
  await assert.rejects(outcome(site.at('/film.mp4')), failed('fetch.failed', /sent no answer/))
  await nothingLeft()
})

test('a page, a playlist and what was packed are no films, and nothing of them is left', async () => {
  await using site = await openFilmSite(({ url }, response) => {
    if (url === '/packed') response.setHeader('content-encoding', 'gzip')
    response.end(url === '/page' ? '<!doctype html><title>Watch</title>' : '#EXTM3U\n#EXTINF:9,\na.ts\n')
  })
  await assert.rejects(outcome(site.at('/page')), failed('upload.unsupported_media', /HTML|web page/i))
  await assert.rejects(outcome(site.at('/playlist')), failed('upload.unsupported_media'))
  await assert.rejects(outcome(site.at('/packed')), failed('fetch.refused', /only as gzip/))
  await nothingLeft()
})
