import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeFilm } from '../support/make-film.ts'
import { openRaw } from '../support/raw-connection.ts'
import { startTestApp, type TestApp, until } from '../support/start-test-app.ts'
import { blobsOf } from './blobs-of.ts'

// A fault that nobody hears ends the process of these tests: it fails the test that runs.
let app: TestApp
let film: Buffer
before(async () => {
  // Room for one film and a half: a place that is kept for one that broke off leaves none for the next.
  app = await startTestApp({ env: { TRANSCRIBER: 'none', MAX_UPLOAD_BYTES: '300000', STORAGE_QUOTA_BYTES: '400000' } })
  film = await readFile(await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 1 }))
})
after(() => app[Symbol.asyncDispose]())

const part = (name: string, filename: string | null, body: string | Buffer = 'abc', end = '\r\n') =>
  Buffer.concat([
    Buffer.from(`--XX\r\nContent-Disposition: form-data; name="${name}"`),
    Buffer.from(`${filename === null ? '' : `; filename="${filename}"`}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from(end),
  ])
const cut = (name: string, filename: string | null, body: string | Buffer = 'abc') => part(name, filename, body, '')
const end = '--XX--\r\n'

async function post(body: string | Buffer | (string | Buffer)[], type = 'multipart/form-data; boundary=XX') {
  const bytes = Buffer.concat([body].flat().map(each => Buffer.from(each)))
  const answer = await fetch(`${app.url}/api/videos/upload`, {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': type },
  })
  const { error, video } = (await answer.json()) as {
    error?: { code: string; message: string }
    video?: { id: string }
  }
  return { status: answer.status, code: error?.code, message: error?.message ?? '', video }
}

async function nothingIsLeft(): Promise<void> {
  await until('no blob and no part is left', async () => (await blobsOf(app)).length === 0)
  assert.deepEqual((await app.rushes.videos.list()).items, [])
}

test('a form that ends in the middle is refused with a sentence, wherever it ends', async () => {
  const head = (name: string, filename: string) =>
    `--XX\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\n`
  const forms = {
    'the film': cut('file', 'a.mp4'),
    'the film, after its header': `${head('file', 'a.mp4')}\r\n`,
    'the header of the film': head('file', 'a.mp4'),
    'the name of a header': '--XX\r\nContent-Dispo',
    'the delimiter': '--XX',
    'a true film': cut('file', 'a.mp4', film),
    'half a film': cut('file', 'a.mp4', film.subarray(0, film.length / 2)),
    'the captions': cut('captions', 'a.vtt'),
    'the captions, after a film': [part('file', 'a.mp4', film), cut('captions', 'a.vtt')],
    'the captions, after what is no film': [part('file', 'a.mp4'), cut('captions', 'a.vtt')],
    'a film, after the captions': [part('captions', 'a.vtt', 'WEBVTT\n'), cut('file', 'a.mp4', film)],
    'another file': cut('other', 'a.bin'),
    'another file, after a film': [part('file', 'a.mp4', film), cut('other', 'a.bin')],
    'a second film': [part('file', 'a.mp4', film), cut('file', 'b.mp4', film)],
    'second captions': [
      part('file', 'a.mp4', film),
      part('captions', 'a.vtt', 'WEBVTT\n'),
      cut('captions', 'b.vtt', 'WEBVTT\n'),
    ],
    'the title': cut('title', null),
    'the title, after a film': [part('file', 'a.mp4', film), cut('title', null)],
    'a part without a name': `--XX\r\nContent-Disposition: form-data\r\n\r\nabc`,
    'a part without a disposition': `--XX\r\nContent-Type: video/mp4\r\n\r\nabc`,
    'a nested form': `--XX\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: multipart/mixed; boundary=YY\r\n\r\n--YY\r\nContent-Disposition: file; filename="a.mp4"\r\n\r\nabc`,
  }
  for (const [where, body] of Object.entries(forms)) {
    const { status, message } = await post(body)
    assert.ok(status === 400 || (status === 415 && where.includes('no film')), `${where}: ${status} ${message}`)
    assert.match(message, /\w+ .*\.$/s, where)
  }
  await nothingIsLeft()
})

test('a whole form that is cut at any place is refused, and one that is reset there leaves nothing', async () => {
  const whole = Buffer.concat([
    part('title', null, 'Harbour'),
    part('captions', 'a.vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n'),
    part('file', 'a.mp4', film),
    part('other', 'b.bin'),
    Buffer.from(end),
  ])
  const places = Array.from({ length: 40 }, (_, index) => Math.floor((whole.length * (index + 1)) / 42))
  places.push(...Array.from({ length: 40 }, (_, index) => 1 + index * 7), whole.length - 1 - end.length)
  const { host } = new URL(app.url)
  const head = `POST /api/videos/upload HTTP/1.1\r\nHost: ${host}\r\nContent-Type: multipart/form-data; boundary=XX\r\nContent-Length: ${whole.length}\r\n\r\n`
  for (const [index, place] of places.entries()) {
    if (index % 2 === 0)
      assert.ok([400, 422].includes((await post(whole.subarray(0, place))).status), `cut at ${place}`)
    using raw = await openRaw(app.url, head)
    raw.socket.write(whole.subarray(0, place))
    setTimeout(() => raw.socket.resetAndDestroy(), index % 5)
    await raw.closed
  }
  await nothingIsLeft()
})

test('hostile names and headers are read or refused', async () => {
  const named = (header: string) => `--XX\r\n${header}\r\n\r\nabc\r\n${end}`
  const bodies = [
    named('Content-Disposition: form-data; name="__proto__"; filename="__proto__"'),
    named('Content-Disposition: form-data; name="constructor"'),
    named('__proto__: x\r\nContent-Disposition: form-data; name="file"'),
    named('Content-Disposition: ;;;;=;="'),
    named('Content-Disposition: form-data; =; name; filename*; filename*='),
    named("Content-Disposition: form-data; name=file; filename*=UTF-8''%zz%00%E0%A4%A"),
    named("Content-Disposition: form-data; name=file; filename*=no-such-charset''%ff"),
    named("Content-Disposition: form-data; name=file; filename*='''''"),
    named('Content-Disposition: form-data; name="file\\'),
    named(`Content-Disposition: form-data; name="${'n'.repeat(100_000)}"`),
    named(`Content-Disposition: form-data; name="file"; filename="${'n'.repeat(10_000)}"`),
    named('Content-Disposition: form-data; name="file"; filename="../../\0etc"'),
    named('Content-Type: \r\nContent-Disposition: form-data; name="file"; filename=a'),
    named('Content-Type: ;charset=base64\r\nContent-Disposition: form-data; name="title"'),
    named(Array.from({ length: 5000 }, (_, index) => `X-${index}: y`).join('\r\n')),
    `--XX\r\n\r\n--XX\r\n\r\n${end}`,
    '--XX--',
    '\r\n'.repeat(1000) + end,
    '',
  ]
  for (const body of bodies) {
    const { status, message } = await post(body)
    assert.ok([400, 413, 415, 422].includes(status), `${status} to ${body.slice(0, 80)}`)
    assert.match(message, /\.$/)
  }
  const whole = [part('file', 'a.mp4', film), end]
  const types = ['', '; boundary', '; boundary=', '; boundary=""', `; boundary=${'x'.repeat(100_000)}`, '; charset=x']
  for (const type of types.slice(0, 5)) {
    if (type.length > 10_000) continue
    assert.equal((await post(whole, `multipart/form-data${type}`)).code, 'request.invalid', type)
  }
  assert.equal((await post(whole, `multipart/form-data; boundary=${'x'.repeat(71)}`)).code, 'request.invalid')
  await nothingIsLeft()
})

test('a form of many parts, or of more than any form may have, is refused', async () => {
  const many = (count: number, filename: string | null) => Array.from({ length: count }, () => part('a', filename))
  for (const body of [many(5, 'a'), many(25, null), [...many(40, null), ...many(40, 'a')]])
    assert.equal((await post([...body, part('file', 'a.mp4', film), end])).code, 'request.too_large')

  const { host } = new URL(app.url)
  for (const [what, first] of [
    ['what comes before the first part', 'nothing of interest'],
    ['a file that nobody asked for', cut('other', 'a.bin').toString()],
  ] as const) {
    using raw = await openRaw(
      app.url,
      `POST /api/videos/upload HTTP/1.1\r\nHost: ${host}\r\nContent-Type: multipart/form-data; boundary=XX\r\nTransfer-Encoding: chunked\r\n\r\n`,
    )
    const send = (text: string) => raw.socket.write(`${text.length.toString(16)}\r\n${text}\r\n`)
    send(first)
    const flood = setInterval(() => raw.socket.writable && send('x'.repeat(500_000)), 5)
    await until(`an answer, however long ${what} is`, () => raw.received.includes('\r\n\r\n'))
    clearInterval(flood)
    assert.match(raw.received, /^HTTP\/1\.1 413 /)
  }
  await nothingIsLeft()
})

test('what comes after the end of a form does not hold up the answer, and a good form is taken after all of this', async () => {
  const { host } = new URL(app.url)
  const whole = Buffer.concat([part('file', 'a.mp4', film), Buffer.from(end)])
  using raw = await openRaw(
    app.url,
    `POST /api/videos/upload HTTP/1.1\r\nHost: ${host}\r\nContent-Type: multipart/form-data; boundary=XX\r\nContent-Length: ${whole.length + 1000}\r\n\r\n`,
  )
  raw.socket.write(whole)
  raw.socket.write('and so on')
  await until('the answer', () => raw.received.includes('\r\n\r\n'))
  assert.match(raw.received, /^HTTP\/1\.1 201 /)
})
