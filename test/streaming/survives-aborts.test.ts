import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ask, startFilmApp } from './film-app.ts'

const film = Buffer.alloc(20_000_000, 'film')

/** Open files below a directory, by the system's own count. */
function openFiles(directory: string): string[] {
  const links = readdirSync('/proc/self/fd').map(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return '' // closed while we looked
    }
  })
  return links.filter(link => link.startsWith(directory))
}

async function untilClosed(directory: string): Promise<void> {
  while (openFiles(directory).length > 0) await turn()
}

test('callers who hang up midway leave no open file and no fault', { timeout: 20_000 }, async () => {
  await using app = await startFilmApp(film)
  const unhandled: unknown[] = []
  const note = (fault: unknown) => unhandled.push(fault)
  process.on('unhandledRejection', note)
  const callers = Array.from({ length: 200 }, async (_, index) => {
    const range = index % 3 === 0 ? 'bytes=0-9999999,10001000-' : `bytes=${index}-`
    const request = get(app.url, { headers: { range }, agent: false })
    const [response] = await once(request, 'response')
    await once(response, 'data')
    // Some send a reset, some a goodbye.
    if (index % 2 === 0) request.socket?.resetAndDestroy()
    else request.destroy()
  })
  await Promise.all(callers)
  await untilClosed(app.directory)
  process.off('unhandledRejection', note)
  assert.deepEqual(unhandled, [])
  assert.deepEqual(app.faults, [])
  assert.ok((await ask(app.url, {})).body.equals(film), 'and the next one gets the film')
})

test('a caller who stops reading holds one file, and none once gone', { timeout: 20_000 }, async () => {
  await using app = await startFilmApp(film)
  const request = get(app.url, { agent: false })
  const [response] = await once(request, 'response')
  response.pause()
  assert.equal(openFiles(app.directory).length, 1)
  request.destroy()
  await untilClosed(app.directory)
  assert.deepEqual(app.faults, [])
})

test('pipelined requests are answered in their order, and dropped with the connection', {
  timeout: 20_000,
}, async () => {
  await using app = await startFilmApp(film)
  const asking = (range: string) => `GET / HTTP/1.1\r\nhost: x\r\nrange: bytes=${range}\r\n\r\n`
  const polite = connect(app.port, '127.0.0.1')
  polite.write(asking('0-3') + asking('4-8') + asking('-2').replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'))
  const text = Buffer.concat(await polite.toArray()).toString()
  assert.deepEqual(
    text.match(/(?<=content-range: ).*/gi)?.map(line => line.trim()),
    ['bytes 0-3/20000000', 'bytes 4-8/20000000', 'bytes 19999998-19999999/20000000'],
  )
  const before = process.memoryUsage().arrayBuffers
  const rude = connect(app.port, '127.0.0.1')
  rude.write(asking('0-').repeat(200))
  await once(rude, 'data')
  rude.pause()
  while (app.requests() < 203) await turn()
  await ask(app.url, { headers: { range: 'bytes=0-0' } })
  const held = process.memoryUsage().arrayBuffers - before
  assert.ok(held < 10_000_000, `those that wait for their turn hold no bytes: ${held}`)
  rude.resetAndDestroy()
  await untilClosed(app.directory)
  assert.deepEqual(app.faults, [])
})

test('one connection serves many ranges in turn', async () => {
  await using app = await startFilmApp(film)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let index = 0; index < 50; index += 1) {
    const start = index * 399_999
    const { body, headers } = await ask(app.url, { headers: { range: `bytes=${start}-${start + 70_000}` }, agent })
    assert.equal(headers.connection, 'keep-alive')
    assert.ok(body.equals(film.subarray(start, start + 70_001)))
  }
  agent.destroy()
})
