/**
 * What an answer costs that needs no key, beside one of a bare `node:http`, and how long somebody honest waits while
 * fifty callers want nothing else: `node bench/public.ts [requests] [rounds]`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuSeconds } from './support/cpu-time.ts'
import { median, ratioOf, runRounds } from './support/rounds.ts'
import { type ServerProcess, startServer } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

const [requestCount = 5_000, rounds = 5] = process.argv.slice(2).map(Number)
const callers = 50
const key = 'a key that is long enough'

interface Asking {
  path: string
  headers?: () => Record<string, string>
  bare?: true
}
const withKey = { authorization: `Bearer ${key}` }
const askings = {
  'bare node:http': { path: '/', bare: true },
  'an unknown path': { path: '/api/nothing' },
  '/health': { path: '/health' },
  '/health/ready': { path: '/health/ready' },
  '/openapi.json': { path: '/openapi.json' },
  '/openapi.json, br': { path: '/openapi.json', headers: () => ({ 'accept-encoding': 'br' }) },
  '/metrics, with a key': { path: '/metrics', headers: () => withKey },
  'no key': { path: '/api/videos' },
  'wrong keys': { path: '/api/videos', headers: () => ({ authorization: `Bearer wrong${Math.random()}` }) },
  'GET /api/videos, with a key': { path: '/api/videos?limit=1', headers: () => withKey },
} satisfies Record<string, Asking>

const directory = await mkdtemp(join(tmpdir(), 'rushes-bench-'))
const env = { PORT: '0', DATA_DIR: directory, RUSHES_API_KEY: key, LOG_LEVEL: 'info', LOG_PRETTY: 'false' }
await using ours = await startServer({ script: 'server/main.ts', env })
await using bare = await startServer({ script: 'bench/support/bare-http.ts' })
const agent = new Agent({ keepAlive: true, maxSockets: callers })
const honestAgent = new Agent({ keepAlive: true })

function ask({ url }: ServerProcess, { path, headers }: Asking, by = agent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const sending = request(url + path, { agent: by, headers: headers?.() ?? {} }, answer => {
    answer.resume().once('end', resolve)
  })
  sending.once('error', reject).end()
  return promise
}

async function flood(asking: Asking): Promise<{ cpuUs: number; slowestMs: number }> {
  const server = asking.bare ? bare : ours
  let left = requestCount
  let slowestMs = 0
  const honest = async () => {
    for (; left > 0; ) {
      const began = performance.now()
      await ask(ours, askings['GET /api/videos, with a key'], honestAgent)
      slowestMs = Math.max(slowestMs, performance.now() - began)
    }
  }
  const caller = async () => {
    for (; left > 0; left--) await ask(server, asking)
  }
  const before = await cpuSeconds(server.pid)
  await Promise.all(Array.from({ length: callers }, caller))
  const cpuUs = ((await cpuSeconds(server.pid)) - before) * (1e6 / requestCount)
  left = Math.ceil(requestCount / 5)
  await Promise.all([honest(), ...Array.from({ length: callers }, caller)])
  return { cpuUs, slowestMs }
}

const contestants = Object.fromEntries(Object.entries(askings).map(([name, asking]) => [name, () => flood(asking)]))
const { of, load } = await runRounds(rounds, contestants)
const costsOf = (name: string) => (of[name] ?? []).map(({ cpuUs }) => cpuUs)
const rows = Object.entries(of).map(([name, each]) => [
  name,
  median(costsOf(name)).toFixed(0),
  ratioOf(costsOf(name), costsOf('bare node:http')),
  name === 'bare node:http' ? '' : median(each.map(({ slowestMs }) => slowestMs)).toFixed(0),
  load,
])
agent.destroy()
honestAgent.destroy()
await rm(directory, { recursive: true, force: true })
console.log(formatTable(['asked for', 'CPU µs/request', 'beside node:http', 'slowest honest ms', 'load'], rows))
