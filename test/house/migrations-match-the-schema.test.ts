import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { root } from './project-files.ts'

const run = promisify(execFile)
const drizzleKit = join(root, 'node_modules', 'drizzle-kit', 'bin.cjs')

test('the migrations make the tables that the code expects', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rushes-migrations-'))
  try {
    await cp(join(root, 'drizzle'), directory, { recursive: true })
    const before = await readdir(directory)
    // It takes paths from the working directory only, and it exits with 0 after a fault of its own: its sentence counts.
    const options = ['--dialect', 'postgresql', '--schema', './server/**/schema.ts', '--out', relative(root, directory)]
    const { stdout, stderr } = await run(process.execPath, [drizzleKit, 'generate', '--name', 'missing', ...options], {
      cwd: root,
    })
    const made = (await readdir(directory)).filter(name => !before.includes(name))
    const missing = await Promise.all(made.map(name => readFile(join(directory, name), 'utf8')))
    assert.deepEqual(missing, [], 'run `npm run migrations`')
    assert.match(stdout, /No schema changes/, `drizzle-kit gave up:\n${stdout}${stderr}`)
  } finally {
    await rm(directory, { recursive: true })
  }
})
