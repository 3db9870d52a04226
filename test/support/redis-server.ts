import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Why a test that wants Redis can't run; false when it can. */
export const redisIsMissing = spawnSync('redis-server', ['--version']).error ? 'redis-server is not installed' : false

export interface RedisServer extends AsyncDisposable {
  url: string
  /** As a power cut does. */
  kill(): Promise<void>
  /** At the same address, with nothing in it. */
  start(): Promise<void>
}

/** A Redis of its own that keeps nothing on disk. */
export async function startRedisServer(): Promise<RedisServer> {
  const port = await freePort()
  let child = await spawnRedis(port)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    async start() {
      child = await spawnRedis(port)
    },
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  }
}

async function spawnRedis(port: number): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', text => {
    said += text
  })
  while (!said.includes('Ready to accept')) {
    if (child.exitCode !== null) throw new Error(`redis-server ended: ${said}`)
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  }
  return child
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  await new Promise(done => probe.close(done))
  return port
}
