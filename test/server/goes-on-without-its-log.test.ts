import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { flags, shared } from '../support/server-process.ts'
import { testDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'

const full = '/dev/full'
const script = new URL('../../server/main.ts', import.meta.url).pathname

for (const [kind, pretty] of Object.entries({ lines: 'false', 'lines for people': 'true' }))
  test(`on a disk that takes no more of its log, in ${kind}, a server starts, answers, and ends in order`, {
    skip: !existsSync(full) && `there is no ${full}`,
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rushes-test-'))
    const port = await freePort()
    const database = await testDatabase(folder)
    const env = { ...shared, ...database.env, PATH: process.env.PATH ?? '', PORT: String(port), DATA_DIR: folder }
    await using log = await open(full, 'w')
    const child = spawn(process.execPath, [...flags, script], {
      env: { ...env, TRANSCRIBER: 'none', LOG_LEVEL: 'debug', LOG_PRETTY: pretty },
      stdio: ['ignore', log.fd, 'inherit'],
    })
    const ended = once(child, 'exit')
    const ask = () => fetch(`http://127.0.0.1:${port}/api/videos`).catch(() => null)
    try {
      await until('it answers, or has ended', async () => child.exitCode !== null || (await ask())?.ok, 120)
      for (let n = 0; n < 20; n++) assert.equal((await ask())?.status, 200)
      child.kill('SIGTERM')
      assert.deepEqual(await ended, [0, null])
    } finally {
      child.kill('SIGKILL')
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    }
  })
