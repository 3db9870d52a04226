import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lockDirectory } from '../../server/platform/db/directory-lock.ts'

const holder = `
  import { lockDirectory } from '${new URL('../../server/platform/db/directory-lock.ts', import.meta.url).href}'
  // Kept: one that is collected lets go.
  globalThis.lock = lockDirectory(process.argv[1])
  process.stdout.write('held')
  setInterval(() => {}, 1000)`

test('a second process on one data directory gets a clear sentence; when the first is killed, the next may have it', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-lock-'))
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  assert.throws(() => lockDirectory(directory), /in use by another Rushes process.*DATA_DIR.*DATABASE_URL/s)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = lockDirectory(directory)
  assert.throws(() => lockDirectory(directory), /in use/)
  lock.release()
  lockDirectory(directory).release()
  await rm(directory, { recursive: true })
})

test('a data directory that can not be one says so, and the way out', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-lock-'))
  t.after(() => rm(directory, { recursive: true }))
  await writeFile(join(directory, 'file'), '')
  for (const path of [join(directory, 'file'), join(directory, 'file', 'below')])
    assert.throws(() => lockDirectory(path), /The data directory .*file.* is no folder.*Set DATA_DIR/)
})
