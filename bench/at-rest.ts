/**
 * What a server takes while nobody wants anything of it, and how soon it listens: `node bench/at-rest.ts [rounds]`. On a
 * fresh folder, on one that was used before, and on the PostgreSQL of RUSHES_TEST_DATABASE_URL, when that is set. The first
 * start of all, not counted, leaves compiled code beside the packages, as it does for whoever installs it.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../package.json' with { type: 'json' }
import { testDatabase } from '../test/support/test-database.ts'
import { cpuSeconds } from './support/cpu-time.ts'
import { memoryOf } from './support/memory-of.ts'
import { median, runRounds } from './support/rounds.ts'
import { firstUrl, stopProcess } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

const [rounds = 5] = process.argv.slice(2).map(Number)
const restMs = 10_000
const root = fileURLToPath(new URL('..', import.meta.url))

interface Start {
  listensMs: number
  cpuSeconds: number
  residentMiB: number
  proportionalMiB: number
}

/** As `npm start` does it, once the page is built. */
async function start(env: Record<string, string | undefined>, idleMs = restMs): Promise<Start> {
  const began = performance.now()
  const child = spawn('sh', ['-c', packageJson.scripts.start], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'info', LOG_PRETTY: 'false', ...env },
  })
  try {
    const url = await firstUrl(child)
    const listensMs = performance.now() - began
    if (!url || child.pid === undefined) throw new Error('The server ended before it listened.')
    const spent = await cpuSeconds(child.pid)
    await new Promise(done => setTimeout(done, idleMs))
    return { listensMs, cpuSeconds: spent, ...(await memoryOf(child.pid)) }
  } finally {
    await stopProcess(child)
  }
}

const folder = await mkdtemp(join(tmpdir(), 'bench-at-rest-'))
const used = join(folder, 'used')
await start({ DATA_DIR: used }, 0)
const database = process.env.RUSHES_TEST_DATABASE_URL ? await testDatabase(folder) : null
const { of, load } = await runRounds<string, Start>(rounds, {
  'embedded, a fresh folder': round => start({ DATA_DIR: join(folder, `fresh-${round}`) }),
  'embedded, a used folder': () => start({ DATA_DIR: used }),
  ...(database && { PostgreSQL: () => start({ DATA_DIR: join(folder, 'beside'), ...database.env }) }),
})
await database?.drop()
await rm(folder, { recursive: true, force: true })

const rows = Object.entries(of).map(([name, starts]) => {
  const middle = (pick: (start: Start) => number) => median(starts.map(pick))
  const seconds = starts.map(({ listensMs }) => listensMs / 1000)
  return [
    name,
    middle(({ listensMs }) => listensMs / 1000).toFixed(2),
    `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}`,
    middle(start => start.cpuSeconds).toFixed(2),
    middle(({ residentMiB }) => residentMiB).toFixed(0),
    middle(({ proportionalMiB }) => proportionalMiB).toFixed(0),
    load,
  ]
})
const head = ['database', 'listens after s', 'from, to', 'CPU s until then', 'resident MiB', 'proportional MiB', 'load']
console.log(
  `\nMedians of ${rounds}; memory after ${restMs / 1000} s in which nobody came.\n\n${formatTable(head, rows)}`,
)
