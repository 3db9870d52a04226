import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createErrands } from '../../server/platform/errands.ts'
import {
  createKoa,
  createRequestIds,
  openFrontDoor,
  servePage,
  usualPatience,
} from '../../server/platform/http/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { createRegistry, platformMetrics } from '../../server/platform/metrics.ts'

/** The page of `directory`, behind the doors of every server. */
async function serve(directory: string) {
  const log = createLog({ level: 'silent', pretty: false })
  const koa = createKoa({ log, metrics: platformMetrics(createRegistry()) })
  koa.use(servePage(directory))
  const options = { requestIds: createRequestIds(), errands: createErrands(), patience: usualPatience, log }
  const server = createServer(openFrontDoor(options, koa.callback())).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

test('a file of the page that was replaced while the server runs breaks one answer and nothing else', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-page-'))
  try {
    await writeFile(join(directory, 'index.html'), '<!doctype html>')
    await writeFile(join(directory, 'old.js'), 'old()')
    using server = await serve(directory)
    assert.equal((await fetch(`${server.url}/old.js`)).status, 200)
    await rm(join(directory, 'old.js'))
    await assert.rejects(fetch(`${server.url}/old.js`).then(answer => answer.text()))
    assert.equal(await (await fetch(`${server.url}/anything`)).text(), '<!doctype html>')
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

test('parts of the page that nobody could have are answered with the whole', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-page-'))
  try {
    await writeFile(join(directory, 'index.html'), '<!doctype html>')
    using server = await serve(directory)
    for (const range of ['bytes=5-2', 'bytes=-', 'bytes=0--5', 'bytes=99999999999999999999-', 'lines=1-2']) {
      const answer = await fetch(`${server.url}/`, { headers: { range } })
      assert.deepEqual([answer.status, await answer.text()], [200, '<!doctype html>'], range)
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
