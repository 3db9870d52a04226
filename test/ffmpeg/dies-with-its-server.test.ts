import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const running = (mark: string): number[] =>
  spawnSync('pgrep', ['-f', `^ffmpeg.*${mark}`], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean)
    .map(Number)
const linux = process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0

test('a server that is killed at once leaves no ffmpeg behind', { skip: linux ? false : 'needs setpriv' }, async () => {
  const mark = `orphan-${process.pid}`
  const script = fileURLToPath(new URL('./endless-run.ts', import.meta.url))
  const server = spawn(process.execPath, [script, mark], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(server.stdout, 'data')
  assert.equal(running(mark).length, 1)
  server.kill('SIGKILL')
  await once(server, 'close')
  const deadline = Date.now() + 5000
  while (running(mark).length > 0 && Date.now() < deadline) await wait(20)
  const left = running(mark)
  for (const pid of left) process.kill(pid, 'SIGKILL')
  assert.deepEqual(left, [])
})
