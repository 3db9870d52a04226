import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRushes } from '../../client-sdk/src/index.ts'
import { makeFilm } from '../support/make-film.ts'
import { startServerProcess } from '../support/server-process.ts'
import { until } from '../support/until.ts'

const injecting = new URL('../support/inject-faults.ts', import.meta.url).href

interface Line {
  level: number
  msg: string
  requestId?: string
  door?: string
  what?: string
  err?: { message: string; stack: string }
}
const linesOf = (lines: readonly string[]) => lines.map(line => JSON.parse(line) as Line)

test('a fault that nobody caught is said once, with its request; started again, the server has everything', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rushes-test-'))
  const env = { PATH: process.env.PATH ?? '', PORT: '0', DATA_DIR: folder, TRANSCRIBER: 'none', HLS_LADDER: 'off' }
  try {
    const film = await makeFilm(join(folder, 'film.mp4'), { seconds: 1 })
    let id: string | undefined
    let said = 0
    // As a supervisor does: whenever it ends, it is started again.
    for (const [fault, door, path] of [
      ['timer', 'GET', '/api/videos?token=secret'],
      ['promise', 'GET', '/api/videos/:id/stream'],
      ['emitter', 'HEAD', '/api/uploads/resumable/nothing'],
    ] as const) {
      await using server = await startServerProcess({ ...env, NODE_OPTIONS: `--import ${injecting}` })
      const rushes = createRushes({ url: server.url })
      id ??= (await rushes.videos.upload(film)).id
      const room = await rushes.rooms.join(id)
      await until('all that was said is there', () => room.messages.length === said)
      await room.send({ body: `before ${fault}` })
      said++
      const requestId = `fault-by-${fault}`
      const headers = { 'x-request-id': requestId, 'x-fault': fault }
      await fetch(server.url + path.replace(':id', id), { method: door, headers }).catch(() => {}) // it may be too late
      assert.equal(await server.ended, 1)
      room.leave()

      const errors = linesOf(server.lines).filter(({ level }) => level >= 50)
      assert.equal(errors.length, 1, server.lines.join('\n'))
      const [line] = errors
      assert.deepEqual([line?.requestId, line?.door], [requestId, door])
      assert.equal(line?.what, path.replace(':id', id).split('?')[0])
      assert.match(line?.err?.stack ?? '', /injected.*inject-faults/s)
      assert.ok(!server.lines.join().includes('secret'))
    }
    await using server = await startServerProcess(env)
    const room = await createRushes({ url: server.url }).rooms.join(id ?? '')
    await until('all that was said is there', () => room.messages.length === said)
    room.leave()
    assert.equal(await server.stop(), 0)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
