// tier: postgres
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { openProxy } from '../support/open-proxy.ts'
import { startTestApp, until } from '../support/start-test-app.ts'

const postgres = process.env.RUSHES_TEST_DATABASE_URL

test('the contract is written out once: the same bytes, in any encoding, and 304 for who has them', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const url = `${app.url}/openapi.json`
  // Fetch would unpack it.
  const raw = (headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const sent = request(url, { headers }, async answer => {
        const chunks: Buffer[] = []
        for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk)
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) })
      })
      sent.on('error', reject).end()
    })
  const plain = await raw({})
  assert.equal(JSON.parse(plain.body.toString()).openapi, '3.1.0')
  assert.match(String(plain.headers.vary), /accept-encoding/i)
  const packed = { br: brotliDecompressSync, gzip: gunzipSync }
  const tags = new Set([plain.headers.etag])
  for (const [encoding, unpack] of Object.entries(packed)) {
    const { headers, body } = await raw({ 'accept-encoding': encoding })
    assert.equal(headers['content-encoding'], encoding)
    assert.ok(unpack(body).equals(plain.body) && body.length * 5 < plain.body.length)
    const again = await raw({ 'accept-encoding': encoding, 'if-none-match': String(headers.etag) })
    assert.deepEqual([again.status, again.body.length, again.headers.etag], [304, 0, headers.etag])
    tags.add(headers.etag)
  }
  assert.equal(tags.size, 3, 'each representation has a tag of its own')
})

test('health is answered from what is known: of a crowd nobody waits for a program', async () => {
  await using app = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const { checkedAt, parts } = await app.rushes.health()
  const reports = await Promise.all(Array.from({ length: 200 }, () => app.rushes.health()))
  assert.ok(reports.every(report => report.checkedAt >= checkedAt && report.status === reports[0]?.status))
  assert.ok(reports.every(report => report.parts.ffmpeg?.checkedAt === parts.ffmpeg?.checkedAt))
  const metrics = await Promise.all(Array.from({ length: 20 }, () => fetch(`${app.url}/metrics`)))
  assert.ok(metrics.every(({ ok }) => ok))
})

test('the server is not ready while its database is away or silent, and is again afterwards', {
  skip: postgres ? false : 'the embedded database is in the same process (RUSHES_TEST_DATABASE_URL)',
}, async () => {
  await using first = await startTestApp({ env: { TRANSCRIBER: 'none' } })
  const direct = new URL(first.env.DATABASE_URL ?? '')
  await using proxy = await openProxy(direct.href)
  direct.port = new URL(proxy.url).port
  await using app = await startTestApp({ env: { ...first.env, PORT: '0', ROLE: 'api', DATABASE_URL: direct.href } })
  const ready = async () => (await fetch(`${app.url}/health/ready`)).status
  assert.equal(await ready(), 200, 'the first answer is true')
  proxy.cut()
  await until('it is told that the database is away', async () => (await ready()) === 503, 15)
  proxy.mend()
  await until('it is ready again', async () => (await ready()) === 200, 15)
  proxy.hold(0)
  await until('it is told that the database is silent', async () => (await ready()) === 503, 15)
  proxy.release()
  await until('it is ready again', async () => (await ready()) === 200, 40)
})
