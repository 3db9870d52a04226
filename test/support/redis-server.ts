import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createClient } from 'redis'
import { freePort } from './free-port.ts'

/** Why a test that wants Redis can't run; false when it can. */
export const redisIsMissing = spawnSync('redis-server', ['--version']).error ? 'redis-server is not installed' : false

export interface RedisServer extends AsyncDisposable {
  url: string
  /** As a power cut does. */
  kill(): Promise<void>
  /** At the same address, with nothing in it. */
  start(): Promise<void>
  /** Neither answers nor hangs up, until `thaw`. */
  freeze(): void
  thaw(): void
  /** As an operator says it, over one connection: `['CONFIG', 'SET', 'maxclients', '1']`. */
  ask(...commands: string[][]): Promise<unknown[]>
}

/** Of one who may come in whatever the servers may. */
const operatorPassword = 'of-the-operator'

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
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async ask(...commands) {
      const url = `redis://operator:${operatorPassword}@127.0.0.1:${port}`
      const operator = createClient({ url, socket: { reconnectStrategy: false } })
      // What it meets is thrown where it asks.
      operator.on('error', () => {})
      await operator.connect()
      try {
        return await Promise.all(commands.map(command => operator.sendCommand(command)))
      } finally {
        operator.destroy()
      }
    },
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  }
}

async function spawnRedis(port: number): Promise<ChildProcess> {
  const operator = ['--user', 'operator', 'on', `>${operatorPassword}`, '~*', '&*', '+@all']
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...operator]
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
