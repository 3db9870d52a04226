import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { testDatabase } from '../support/test-database.ts'

const skip = process.env.RUSHES_TEST_DATABASE_URL ? 'it is about the embedded database' : false
const script = new URL('../../scripts/keys.ts', import.meta.url).pathname
const listKeys = (dataDirectory: string, env: Record<string, string>) =>
  promisify(execFile)(process.execPath, [script, 'list', '--json'], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR: dataDirectory, ...env },
  })
function changeNote(dataDirectory: string, change: object): void {
  const path = join(dataDirectory, 'database', 'rushes.json')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }))
}

test('a command takes no daily snapshot and removes none; before an upgrade it does as configured', {
  skip,
}, async t => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rushes-commands-'))
  t.after(() => rm(dataDirectory, { recursive: true, force: true }))
  await testDatabase(dataDirectory)
  const folder = join(dataDirectory, 'snapshots')
  const kept = Array.from({ length: 14 }, (_, day) => `2026-01-${String(day + 1).padStart(2, '0')}T00-00-00Z-daily`)
  for (const name of kept) mkdirSync(join(folder, name), { recursive: true })

  await listKeys(dataDirectory, { DATABASE_SNAPSHOTS: '14' })
  assert.deepEqual(readdirSync(folder).sort(), kept, 'one would have been due')

  changeNote(dataDirectory, { rushes: '0.0.1' })
  await listKeys(dataDirectory, { DATABASE_SNAPSHOTS: '0' })
  assert.deepEqual(readdirSync(folder).sort(), kept, 'none are wanted')

  changeNote(dataDirectory, { rushes: '0.0.1' })
  await listKeys(dataDirectory, { DATABASE_SNAPSHOTS: '14' })
  const [newest, ...others] = readdirSync(folder).sort().reverse()
  assert.match(newest ?? '', /-upgrade$/)
  assert.deepEqual(others.reverse(), kept.slice(1))
})
