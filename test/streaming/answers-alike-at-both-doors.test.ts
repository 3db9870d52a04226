import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeFilm } from '../support/make-film.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { ask } from './film-app.ts'

const key = 'a key that is long enough'
const bearer = { authorization: `Bearer ${key}` }
let app: TestApp
let film: string

before(async () => {
  app = await startTestApp({ env: { TRANSCRIBER: 'none', RUSHES_API_KEY: key } })
  const path = await makeFilm(join(app.dataDirectory, 'film.mp4'), { seconds: 2 })
  const { id } = await app.rushes.videos.upload(path)
  await app.rushes.videos.untilReady(id)
  film = `${app.url}/api/videos/${id}/stream`
})
after(() => app[Symbol.asyncDispose]())

for (const range of [undefined, 'bytes=0-99', 'bytes=-7', 'bytes=0-1,50-59', 'bytes=99999999-']) {
  for (const method of ['GET', 'HEAD']) {
    test(`${method} with ${range ?? 'no range'} is the same with a query and without`, async () => {
      const headers = { ...bearer, ...(range && { range }), 'x-request-id': 'the-same-id' }
      const [plain, asked] = await Promise.all([
        ask(film, { method, headers }),
        ask(`${film}?download=0`, { method, headers }),
      ])
      assert.equal(plain.status, asked.status)
      assert.deepEqual(comparable(plain), comparable(asked))
    })
  }
}

/** The boundary of parts is another each time, and so is the second in which an answer is made. */
function comparable({ headers: { date: _, ...headers }, body }: Awaited<ReturnType<typeof ask>>) {
  const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1] ?? 'none'
  const text = (from: string) => from.replaceAll(boundary, 'boundary')
  return { headers: JSON.parse(text(JSON.stringify(headers))), body: text(body.toString('latin1')) }
}

test('without a key, with a wrong one, and for another method the answer is a failure of the contract', async () => {
  const codes = async (url: string, of: Parameters<typeof ask>[1]) =>
    JSON.parse((await ask(url, of)).body.toString()).error.code
  assert.equal(await codes(film, {}), 'auth.required')
  assert.equal(await codes(film, { headers: { authorization: 'Bearer wrong' } }), 'auth.invalid')
  assert.equal(await codes(film, { method: 'POST', headers: bearer }), 'request.method_not_allowed')
  const none = film.replace(/videos\/[^/]+/, 'videos/0199aaaa-0000-7000-8000-000000000000')
  assert.equal(await codes(none, { headers: bearer }), 'video.not_found')
  assert.equal((await ask(film, { headers: { ...bearer, 'if-none-match': '*' } })).status, 304)
})

test('both doors count what they answer, once', async () => {
  const counted = async () => {
    const text = (await ask(`${app.url}/metrics`, { headers: bearer })).body.toString()
    const lines = text.split('\n').filter(line => line.startsWith('rushes_http_request_seconds_count'))
    const ours = lines.filter(line => line.includes('/stream') && line.includes('status="206"'))
    return ours.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }
  const already = await counted()
  const headers = { ...bearer, range: 'bytes=0-9' }
  await ask(film, { headers })
  await ask(`${film}?download=1`, { headers })
  assert.equal(await counted(), already + 2)
})
