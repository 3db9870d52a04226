import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import { parseConfig } from '../../server/config.ts'
import { createCallerAddress } from '../../server/platform/http/index.ts'
import { emptyRoom } from '../support/people.ts'
import { startTestApp } from '../support/start-test-app.ts'

/** Who it is, for a server that trusts these, when this peer sends this header. */
function seen(trusted: string, peer: string | undefined, forwarded?: string): string {
  const { TRUSTED_PROXIES } = parseConfig({ TRUSTED_PROXIES: trusted })
  return createCallerAddress(TRUSTED_PROXIES)({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress: peer },
  })
}

test('whom nobody trusts is who they are, whatever they send', () => {
  assert.equal(seen('', '127.0.0.1', '203.0.113.7'), '127.0.0.1')
  assert.equal(seen('10.0.0.0/8', '192.0.2.1', '203.0.113.7'), '192.0.2.1')
  assert.equal(seen('10.0.0.1', '10.0.0.2', '203.0.113.7'), '10.0.0.2')
  assert.equal(seen('::1', '127.0.0.1', '203.0.113.7'), '127.0.0.1')
  assert.equal(seen('', '::ffff:192.0.2.1'), '192.0.2.1', 'heard over IPv6')
  assert.equal(seen('', undefined), '', 'it is gone already')
})

const proxies = '10.0.0.0/8, 127.0.0.1, 2001:db8:1::/48'
const forwardings: [peer: string, header: string, who: string][] = [
  ['127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['10.250.1.2', '203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:ff::2', '203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', '198.51.100.1,203.0.113.7 , 10.0.0.9,  2001:db8:1::3', '203.0.113.7'],
  ['127.0.0.1', '10.0.0.3, 10.0.0.4', '10.0.0.3'],
  ['127.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', '203.0.113.7, ::ffff:10.0.0.9', '203.0.113.7'],
  ['127.0.0.1', '2001:DB8:2:0::0:1', '2001:db8:2::1'],
  ['127.0.0.1', '203.0.113.7:50123', '203.0.113.7'],
  ['127.0.0.1', '[2001:db8:2::1]:443', '2001:db8:2::1'],
  ['127.0.0.1', '[2001:db8:2::1]', '2001:db8:2::1'],
  ['127.0.0.1', 'fe80::7%eth0', 'fe80::7'],
  ['127.0.0.1', 'garbage, 203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', '203.0.113.7, ', '203.0.113.7'],
]

test('behind proxies that are trusted it is the last one who is not of them', () => {
  for (const [peer, header, who] of forwardings) assert.equal(seen(proxies, peer, header), who, `${peer}: ${header}`)
})

const garbage = ['', ' ', ',', 'unknown', '203.0.113.7, x', '203.0.113.777', '010.1.1.1', '1.2.3.4:x', '[::1', '::1]']
garbage.push('203.0.113.7, _hidden, 10.0.0.9', '1.2.3', '[10.1.1.1]', '<script>', 'a'.repeat(8000), '1.2.3.4 5.6.7.8')

test('what is no list of addresses says nothing: it is the peer', () => {
  for (const header of garbage) assert.equal(seen(proxies, '127.0.0.1', header), '127.0.0.1', header)
})

test('all the world is a range, too, and so is IPv4 as IPv6 writes it', () => {
  assert.equal(seen('0.0.0.0/0', '198.51.100.9', '203.0.113.7'), '203.0.113.7')
  assert.equal(seen('::/0', '2001:db8::9', '203.0.113.7'), '203.0.113.7')
  assert.equal(seen('::ffff:10.0.0.0/104', '10.9.9.9', '203.0.113.7'), '203.0.113.7')
  assert.equal(seen('::ffff:10.0.0.1', '10.0.0.1', '203.0.113.7'), '203.0.113.7')
})

test('a list that is misspelt is a fault at the start, which names what is wrong', () => {
  const misspelt = ['10.0.0', '10.0.0.0/33', '::1/129', '10.0.0.0/', '/8', 'localhost', '10.0.0.1-9', '1.2.3.4:80']
  for (const wrong of [...misspelt, '10.0.0.0/8/8', '10.0.0.0/-1', '010.0.0.1', 'fe80::1%eth0', '10.0.0.1 10.0.0.2'])
    assert.throws(
      () => parseConfig({ TRUSTED_PROXIES: `127.0.0.1, ${wrong}` }),
      ({ message }: Error) =>
        message.includes('TRUSTED_PROXIES: addresses or ranges') && message.includes(`${wrong} is`),
      wrong,
    )
  assert.deepEqual(parseConfig({ TRUSTED_PROXIES: ' 127.0.0.1 ,, ::1,' }).TRUSTED_PROXIES, ['127.0.0.1', '::1'])
  assert.deepEqual(parseConfig({}).TRUSTED_PROXIES, [])
})

test('over HTTP each caller has a pace of their own, in whatever they write', async () => {
  await using app = await startTestApp({
    env: { TRANSCRIBER: 'none', MESSAGES_PER_SECOND: '0.001', MESSAGES_BURST: '1', TRUSTED_PROXIES: '127.0.0.1' },
  })
  const videoId = await emptyRoom(app)
  const post = async (path: string, forwarded: string, body: object): Promise<number | undefined> => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': forwarded }
    const asked = request(`${app.url}/api/videos/${videoId}/${path}`, { method: 'POST', headers })
    asked.end(JSON.stringify(body))
    const [response] = await once(asked, 'response')
    response.resume()
    return response.statusCode
  }
  const say = (forwarded: string) => post('messages', forwarded, { body: 'hello' })
  assert.equal(await say('203.0.113.7'), 201)
  assert.equal(await say('203.0.113.7'), 429)
  assert.equal(await say('203.0.113.8'), 201)
  assert.equal(await say('203.0.113.9, 203.0.113.8'), 429, 'who is named by the caller counts for nothing')
  assert.equal(await post('ask', '203.0.113.7', { question: 'Who is it?' }), 429)
})
